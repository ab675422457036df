import type { Route, ToRuntime, ToServer } from './gateway-port.js';

/** The proxy's own words for a route; what Caddy stores is what we read back. */
export interface CaddyRoute {
  '@id'?: string;
  match?: { host?: string[]; path_regexp?: { pattern: string } }[];
  handle?: CaddyHandler[];
  terminal?: boolean;
}
interface CaddyHandler {
  handler: string;
  routes?: CaddyRoute[];
  status_code?: number;
  headers?: Record<string, unknown>;
  body?: string;
  max_size?: number;
  upstreams?: { dial: string }[];
  transport?: Record<string, unknown>;
}

const MIB = 1024 * 1024;

export const idOf = (domain: string): string => `site-${domain}`;

export const MAINTENANCE_PAGE =
  '<!doctype html><html lang="id"><meta charset="utf-8"><meta http-equiv="refresh" content="15"><title>Sedang dirawat</title>' +
  '<body style="font:16px sans-serif;margin:15vh auto;max-width:32em;padding:0 1em"><h1>Situs sedang dirawat</h1>' +
  '<p>Pembaruan sedang berjalan. Halaman ini terbuka sendiri begitu selesai; tidak ada data yang hilang.</p></body></html>';

const notFound = (pattern: string): CaddyRoute => ({
  match: [{ path_regexp: { pattern } }],
  handle: [{ handler: 'static_response', status_code: 404 }],
  terminal: true,
});

const maintenance: CaddyRoute = {
  handle: [
    {
      handler: 'static_response',
      status_code: 503,
      headers: { 'Content-Type': ['text/html; charset=utf-8'], 'Retry-After': ['15'], 'Cache-Control': ['no-store'] },
      body: MAINTENANCE_PAGE,
    },
  ],
};

const SITE = 'X-Siappakai-Site';
const GATE = 'X-Siappakai-Gate';

/** From one gateway to another: who knows the key says who the visitor is. */
export const FORWARD = 'X-Siappakai-Forward';
const OPERATOR = 'X-Siappakai-Operator';

/** Who the visitor is, and whether they came by HTTPS, as the first route found out (caddy-https.ts). */
const VISITOR = {
  'X-Real-IP': ['{http.vars.visitor}'],
  'X-Forwarded-For': ['{http.vars.visitor}'],
  'X-Forwarded-Proto': ['{http.vars.scheme}'],
};

/** `set` replaces whatever a visitor sent under these names. */
const headersTo = (site: string, to: ToRuntime | ToServer) =>
  'runtime' in to
    ? { delete: [OPERATOR, FORWARD], set: { [SITE]: [site], [GATE]: [to.gateKey], ...VISITOR } }
    : { delete: [OPERATOR, SITE, GATE], set: { [FORWARD]: [to.key], ...VISITOR } };

const proxied = (site: string, to: ToRuntime | ToServer): CaddyRoute => ({
  handle: [
    {
      handler: 'reverse_proxy',
      upstreams: [{ dial: `${'runtime' in to ? to.runtime : to.server}:${to.port}` }],
      transport: {
        protocol: 'http',
        dial_timeout: '5s',
        response_header_timeout: '330s',
        keep_alive: { max_idle_conns_per_host: 32 },
      },
      headers: { request: headersTo(site, to) },
    },
  ],
});

export const toCaddy = (route: Route): CaddyRoute => ({
  '@id': idOf(route.domain),
  match: [{ host: [route.domain] }],
  handle: [
    {
      handler: 'subroute',
      routes: [
        ...route.deny.map(notFound),
        { handle: [{ handler: 'request_body', max_size: route.uploadMiB * MIB }] },
        { handle: [{ handler: 'headers', ...siteMark(route.site) }] },
        route.to === 'maintenance' ? maintenance : proxied(route.site, route.to),
      ],
    },
  ],
  terminal: true,
});

/** The site's name, also while its maintenance page stands: a response header nobody needs to hide. */
const siteMark = (site: string): Record<string, unknown> => ({
  response: { set: { 'X-Site': [site] }, delete: ['Server', 'X-Powered-By'], deferred: true },
});

interface Marked {
  response?: { set?: Record<string, string[]> };
}

/** Reads a route back; undefined for what is not a site's. */
export function fromCaddy(caddy: CaddyRoute): Route | undefined {
  const domain = caddy.match?.[0]?.host?.[0];
  const inner = caddy.handle?.[0]?.routes;
  if (!domain || caddy['@id'] !== idOf(domain) || !inner) return undefined;
  const deny = inner.flatMap(
    ({ match }) => match?.flatMap(({ path_regexp }) => (path_regexp ? [path_regexp.pattern] : [])) ?? [],
  );
  const handlers = inner.flatMap(({ match, handle }) => (match ? [] : (handle ?? [])));
  const proxy = handlers.find(({ handler }) => handler === 'reverse_proxy');
  const mark = (handlers as (CaddyHandler & Marked)[]).find(({ response }) => response);
  return {
    domain,
    site: mark?.response?.set?.['X-Site']?.[0] ?? '',
    to: proxy ? upstreamOf(proxy) : 'maintenance',
    deny,
    uploadMiB: (handlers.find(({ handler }) => handler === 'request_body')?.max_size ?? 0) / MIB,
  };
}

function upstreamOf(proxy: CaddyHandler): ToRuntime | ToServer {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(proxy.upstreams?.[0]?.dial ?? '') ?? [];
  const set = (proxy.headers as { request?: { set?: Record<string, string[]> } } | undefined)?.request?.set;
  const key = set?.[FORWARD]?.[0];
  if (key !== undefined) return { server: host, port: Number(port), key };
  return { runtime: host, port: Number(port), gateKey: set?.[GATE]?.[0] ?? '' };
}

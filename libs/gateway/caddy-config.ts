import type { Route, RoutePlace, ToRuntime, ToServer } from './gateway-port.js';

/** The proxy's own words for a route; what Caddy stores is what we read back. */
export interface CaddyRoute {
  '@id'?: string;
  match?: CaddyMatch[];
  handle?: CaddyHandler[];
  terminal?: boolean;
}
interface CaddyMatch {
  host?: string[];
  path_regexp?: { name?: string; pattern: string };
  vars_regexp?: Record<string, { pattern: string }>;
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

/** One per place; a name of a domain holds no `~`. */
export const idOf = ({ domain, path = '' }: RoutePlace): string => `site-${domain}${path.replace('/', '~')}`;

/** The path of this route as the proxy knows it: without empty parts, without `..`, decoded. Group 1: what stands below. */
const BELOW = 'below';
const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const matchOf = ({ domain, path }: RoutePlace): CaddyMatch => ({
  host: [domain],
  ...(path ? { path_regexp: { name: BELOW, pattern: `^${literal(path)}(/.*)?$` } } : {}),
});

export const MAINTENANCE_PAGE =
  '<!doctype html><html lang="id"><meta charset="utf-8"><meta http-equiv="refresh" content="15"><title>Sedang dirawat</title>' +
  '<body style="font:16px sans-serif;margin:15vh auto;max-width:32em;padding:0 1em"><h1>Situs sedang dirawat</h1>' +
  '<p>Pembaruan sedang berjalan. Halaman ini terbuka sendiri begitu selesai; tidak ada data yang hilang.</p></body></html>';

/** An application below a path sees the whole path, or what stands below it: neither way leads around a pattern. */
const notFound = (pattern: string, { path }: RoutePlace): CaddyRoute => ({
  match: [
    { path_regexp: { pattern } },
    ...(path ? [{ vars_regexp: { [`{http.regexp.${BELOW}.1}`]: { pattern } } }] : []),
  ],
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
  '@id': idOf(route),
  match: [matchOf(route)],
  handle: [
    {
      handler: 'subroute',
      routes: [
        ...route.deny.map((pattern) => notFound(pattern, route)),
        { handle: [{ handler: 'request_body', max_size: route.uploadMiB * MIB }] },
        { handle: [{ handler: 'headers', ...ownHeaders(route) }] },
        route.to === 'maintenance' ? maintenance : proxied(route.site, route.to),
      ],
    },
  ],
  terminal: true,
});

/** Whatever a visitor says about the way they came; the proxy says it itself further on. */
const SAID_BY_VISITORS = ['Forwarded', 'X-Forwarded-*'];

/** The site's name, also while its maintenance page stands: a response header nobody needs to hide. */
const ownHeaders = ({ site, path }: Route): Record<string, unknown> => ({
  request: { delete: SAID_BY_VISITORS },
  response: {
    set: { 'X-Site': [site] },
    delete: ['Server', 'X-Powered-By'],
    deferred: true,
    ...(path ? { replace: { 'Set-Cookie': [ownCookies(path)] } } : {}),
  },
});

/** A cookie for the whole domain would be the neighbours' too, and theirs of the same name this one's. */
const ownCookies = (path: string): Record<string, string> => ({
  search_regexp: String.raw`(?i)(;\s*path=)/(;|\s|$)`,
  replace: `$1${path}$2`,
});

interface Marked {
  response?: { set?: Record<string, string[]> };
}

/** Reads a route back; undefined for what is not a site's. */
export function fromCaddy(caddy: CaddyRoute): Route | undefined {
  const inner = caddy.handle?.[0]?.routes;
  const place = placeIn(caddy);
  if (!place || !inner) return undefined;
  const deny = inner.flatMap(
    ({ match }) => match?.flatMap(({ path_regexp }) => (path_regexp ? [path_regexp.pattern] : [])) ?? [],
  );
  const handlers = inner.flatMap(({ match, handle }) => (match ? [] : (handle ?? [])));
  const proxy = handlers.find(({ handler }) => handler === 'reverse_proxy');
  const mark = (handlers as (CaddyHandler & Marked)[]).find(({ response }) => response);
  return {
    ...place,
    site: mark?.response?.set?.['X-Site']?.[0] ?? '',
    to: proxy ? upstreamOf(proxy) : 'maintenance',
    deny,
    uploadMiB: (handlers.find(({ handler }) => handler === 'request_body')?.max_size ?? 0) / MIB,
  };
}

function placeIn({ '@id': id = '', match }: CaddyRoute): RoutePlace | undefined {
  const domain = match?.[0]?.host?.[0];
  const path = id.split('~')[1];
  const place = domain && { domain, ...(path ? { path: `/${path}` } : {}) };
  return place && idOf(place) === id ? place : undefined;
}

function upstreamOf(proxy: CaddyHandler): ToRuntime | ToServer {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(proxy.upstreams?.[0]?.dial ?? '') ?? [];
  const set = (proxy.headers as { request?: { set?: Record<string, string[]> } } | undefined)?.request?.set;
  const key = set?.[FORWARD]?.[0];
  if (key !== undefined) return { server: host, port: Number(port), key };
  return { runtime: host, port: Number(port), gateKey: set?.[GATE]?.[0] ?? '' };
}

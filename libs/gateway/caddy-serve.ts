import { rulesToCaddy, type Rules } from './caddy-rules.js';
import type { CaddyHandler, CaddyRoute } from './caddy-words.js';

/** The route behind all sites: what is done with a request once its site is known. */
export const SERVE = 'serve';
/** Where its parts stand; rules are put before the others. */
export const SERVED = `/id/${SERVE}/handle/0/routes`;

export const MAINTENANCE_PAGE =
  '<!doctype html><html lang="id"><meta charset="utf-8"><meta http-equiv="refresh" content="15"><title>Sedang dirawat</title>' +
  '<body style="font:16px sans-serif;margin:15vh auto;max-width:32em;padding:0 1em"><h1>Situs sedang dirawat</h1>' +
  '<p>Pembaruan sedang berjalan. Halaman ini terbuka sendiri begitu selesai; tidak ada data yang hilang.</p></body></html>';

const maintenance: CaddyHandler = {
  handler: 'static_response',
  status_code: 503,
  headers: { 'Content-Type': ['text/html; charset=utf-8'], 'Retry-After': ['15'], 'Cache-Control': ['no-store'] },
  body: MAINTENANCE_PAGE,
};

const SITE = 'X-Siappakai-Site';
const GATE = 'X-Siappakai-Gate';
const OPERATOR = 'X-Siappakai-Operator';
/** From one gateway to another: who knows the key says who the visitor is. */
export const FORWARD = 'X-Siappakai-Forward';

/** Who the visitor is, and whether they came by HTTPS, as the first route found out (caddy-https.ts). */
const VISITOR = {
  'X-Real-IP': ['{http.vars.visitor}'],
  'X-Forwarded-For': ['{http.vars.visitor}'],
  'X-Forwarded-Proto': ['{http.vars.scheme}'],
};

/** `set` replaces whatever a visitor sent under these names. */
const proxied = (request: { delete: string[]; set: Record<string, string[]> }): CaddyHandler => ({
  handler: 'reverse_proxy',
  upstreams: [{ dial: '{http.vars.dial}' }],
  transport: {
    protocol: 'http',
    dial_timeout: '5s',
    response_header_timeout: '330s',
    keep_alive: { max_idle_conns_per_host: 32 },
  },
  headers: { request },
});

const toRuntime = proxied({
  delete: [OPERATOR, FORWARD],
  set: { [SITE]: ['{http.vars.site}'], [GATE]: ['{http.vars.key}'], ...VISITOR },
});
const toServer = proxied({ delete: [OPERATOR, SITE, GATE], set: { [FORWARD]: ['{http.vars.key}'], ...VISITOR } });

/** Whatever a visitor says about the way they came; the proxy says it itself further on. */
const SAID_BY_VISITORS = ['Forwarded', 'X-Forwarded-*'];

/** The site's name, also while its maintenance page stands: a response header nobody needs to hide. */
const ownHeaders: CaddyHandler = {
  handler: 'headers',
  request: { delete: SAID_BY_VISITORS },
  response: { set: { 'X-Site': ['{http.vars.site}'] }, delete: ['Server', 'X-Powered-By'], deferred: true },
};

const WAYS = { maintenance, runtime: toRuntime, server: toServer };

export const serveRoute = (rules: Rules[]): CaddyRoute => ({
  '@id': SERVE,
  match: [{ vars: { to: Object.keys(WAYS) } }],
  handle: [
    {
      handler: 'subroute',
      routes: [
        ...rules.map(rulesToCaddy),
        { handle: [ownHeaders] },
        ...Object.entries(WAYS).map(([to, handler]) => ({ match: [{ vars: { ruled: [to] } }], handle: [handler] })),
      ],
    },
  ],
  terminal: true,
});

/** The rules that are told in these routes, by their name. */
export function rulesIn(stored: CaddyRoute[]): Map<string, CaddyRoute> {
  const serve = stored.find((route) => route['@id'] === SERVE);
  const parts = serve?.handle?.[0]?.routes ?? [];
  return new Map(parts.flatMap((route) => (route['@id'] ? [[route['@id'], route]] : [])));
}

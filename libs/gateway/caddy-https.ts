import type { Secret } from '#libs/core/secret.js';
import { fromCaddy, toCaddy } from './caddy-config.js';
import { rulesId } from './caddy-rules.js';
import { FORWARD, rulesIn, SERVE, serveRoute } from './caddy-serve.js';
import type { CaddyRoute } from './caddy-words.js';
import { asksItself, directoryOf, markOf, type Https } from './https.js';

/** Ports inside the container; those of the server lead here. */
export const PORTS = { http: 8080, https: 8443 } as const;
/** Where the root of a private authority lies in the proxy's own volume. */
export const AUTHORITY_FILE = '/data/siappakai/authority.pem';
const CERTIFICATES = '/data/caddy/certificates';
export const HEAD = 'head';
/** The last route, as the image brings it (docker/gateway): nobody is routed here by this name. */
export const UNKNOWN = 'unknown-host';

/** A browser remembers so long that a site is asked by HTTPS alone: long enough to protect, short enough to go back. */
const HSTS = 'max-age=2592000';

type Json = Record<string, unknown>;
const isOn = ({ way }: Https): boolean => way !== 'off';

/** The folder in which the proxy keeps the certificates of one issuer; undefined when it asks for none. */
export function certificateFolder(https: Https): string | undefined {
  if (!asksItself(https)) return undefined;
  if (https.way === 'internal') return `${CERTIFICATES}/local`;
  const { host, pathname } = new URL(directoryOf(https));
  const path = pathname.replaceAll('/', '-').replace(/^-+|-+$/g, '');
  const issuer = `${host.replaceAll(':', '-')}${path ? `-${path}` : ''}`;
  return `${CERTIFICATES}/${issuer.toLowerCase().replace(/[^\w@.-]/g, '')}`;
}

const IP = 'X-Real-IP';
const FOR = 'X-Forwarded-For';
const PROTO = 'X-Forwarded-Proto';

/** Before every site: who the visitor is and how they came. The last one who is believed has the last word. */
const visitor = (https: Https): Json[] => [
  { handle: [{ handler: 'vars', visitor: '{http.request.remote.host}', scheme: '{http.request.scheme}' }] },
  ...saidByProxies(https),
  ...saidByGateways(https),
];

/**
 * A proxy in front is believed when it is a known one, and then the last address, which it wrote itself: whatever a
 * visitor wrote stands further left. Some proxies add a line of their own instead, so the lines are joined first.
 */
function saidByProxies({ trustedProxies }: Https): Json[] {
  if (trustedProxies.length === 0) return [];
  const known = { remote_ip: { ranges: trustedProxies } };
  const joined = (header: string): [string, string[]] => [header, [`{http.request.header.${header}}`]];
  const lines = { handler: 'headers', request: { set: Object.fromEntries([FOR, PROTO].map(joined)) } };
  const believed = (header: string, pattern: string, variable: string): Json => ({
    match: [{ ...known, header_regexp: { [header]: { name: variable, pattern } } }],
    handle: [{ handler: 'vars', [variable]: `{http.regexp.${variable}.1}` }],
  });
  return [
    { match: [known], handle: [lines] },
    believed(FOR, String.raw`(?:^|,)\s*([0-9A-Fa-f.:]+)\s*$`, 'visitor'),
    believed(PROTO, String.raw`(?:^|,)\s*(https?)\s*$`, 'scheme'),
  ];
}

const withKey = (key: Secret): Json => ({ header: { [FORWARD]: [key.reveal()] } });

/** Another gateway of ours passes on a visitor of its own: whoever knows the key says who that is (docs/adr/0035). */
function saidByGateways({ forwardKey }: Https): Json[] {
  if (!forwardKey) return [];
  const said = { handler: 'vars', visitor: `{http.request.header.${IP}}`, scheme: `{http.request.header.${PROTO}}` };
  return [{ match: [withKey(forwardKey)], handle: [said] }];
}

/** Only where a certificate stands: a file of the proxy's own, or one that was given. */
function whereCertified(https: Https): Json[] {
  const folder = certificateFolder(https);
  const names = [...new Set(https.certificates.flatMap((certificate) => certificate.names))];
  const file = '/{http.request.host}/{http.request.host}.crt';
  return [
    ...(names.length > 0 ? [{ host: names }] : []),
    ...(folder ? [{ file: { root: folder, try_files: [file] } }] : []),
  ];
}

/**
 * Only a visitor of its own. Who is passed on from another gateway was led there, or not: led from here they would come
 * to that one again, as long as DNS leads to it, and be passed on again.
 */
function towardsHttps(https: Https): Json[] {
  if (!isOn(https)) return [];
  const own = https.forwardKey ? { not: [withKey(https.forwardKey)] } : {};
  const port = https.port === 443 ? '' : `:${https.port}`;
  const location = [`https://{http.request.host}${port}{http.request.uri}`];
  const redirect = { handler: 'static_response', status_code: 308, headers: { Location: location } };
  const remember = {
    handler: 'headers',
    response: { set: { 'Strict-Transport-Security': [HSTS] }, deferred: true },
  };
  const byHttp = whereCertified(https).map((where) => ({ vars: { scheme: ['http'] }, ...where, ...own }));
  return [
    { match: byHttp, handle: [redirect], terminal: true },
    // A browser that was told so could never open a site again whose issuer it does not know.
    ...(https.way === 'internal' ? [] : [{ match: [{ vars: { scheme: ['https'] }, ...own }], handle: [remember] }]),
  ];
}

/** The first route; with it stands what the proxy was told. */
const headOf = (https: Https): Json => ({
  '@id': HEAD,
  handle: [
    { handler: 'vars', told: markOf(https) },
    { handler: 'subroute', routes: [...visitor(https), ...towardsHttps(https)] },
  ],
});

export const toldIn = (head: { handle?: { told?: string }[] }): string | undefined => head.handle?.[0]?.told;

const issuerOf = (https: Https): Json =>
  https.way === 'internal'
    ? { module: 'internal' }
    : {
        module: 'acme',
        ca: directoryOf(https),
        ...(https.email ? { email: https.email } : {}),
        ...(https.authority ? { trusted_roots_pem_files: [AUTHORITY_FILE] } : {}),
        // By port 80 alone, which has to be open for visitors too: what fails, fails at once and for one reason.
        challenges: { http: { alternate_port: PORTS.http }, 'tls-alpn': { disabled: true } },
      };

const tlsOf = (https: Https): Json => ({
  tls: {
    certificates: {
      load_pem: https.certificates.map(({ chain, key }) => ({ certificate: chain, key: key.reveal() })),
    },
    ...(asksItself(https) ? { automation: { policies: [{ issuers: [issuerOf(https)] }] } } : {}),
  },
  pki: { certificate_authorities: { local: { install_trust: false } } },
});

/** The whole configuration of the proxy around the routes that stand. Without HTTP/3: its port is not published. */
export const configOf = (https: Https, routes: CaddyRoute[]): Json => ({
  admin: { listen: '127.0.0.1:2019' },
  logging: { logs: { default: { level: 'WARN' } } },
  apps: {
    http: {
      http_port: PORTS.http,
      https_port: PORTS.https,
      servers: {
        sites: {
          listen: [`:${PORTS.http}`, ...(isOn(https) ? [`:${PORTS.https}`] : [])],
          protocols: ['h1', 'h2'],
          ...(isOn(https) ? { tls_connection_policies: [{}] } : {}),
          automatic_https: asksItself(https) ? { disable_redirects: true } : { disable: true },
          routes: [headOf(https), ...around(routes)],
        },
      },
    },
    ...(isOn(https) ? tlsOf(https) : {}),
  },
});

/** The sites that stand, in their order, told in the words of this version; then what is done for all of them. */
function around(stored: CaddyRoute[]): CaddyRoute[] {
  const told = rulesIn(stored);
  const sites = stored.filter((route) => ![HEAD, SERVE, UNKNOWN].includes(route['@id'] ?? ''));
  const known = sites.map((route) => fromCaddy(route, told));
  const rules = new Map(known.flatMap((site) => (site ? [[rulesId(site), site]] : [])));
  return [
    ...sites.map((route, index) => (known[index] ? toCaddy(known[index]) : route)),
    serveRoute([...rules.values()]),
    ...stored.filter((route) => route['@id'] === UNKNOWN),
  ];
}

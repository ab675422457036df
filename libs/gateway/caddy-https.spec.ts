import { Secret } from '#libs/core/secret.js';
import { routesIn, toCaddy } from './caddy-config.js';
import { certificateFolder, configOf, HEAD, toldIn } from './caddy-https.js';
import { serveRoute } from './caddy-serve.js';
import type { CaddyRoute } from './caddy-words.js';
import type { Route } from './gateway-port.js';
import { markOf, NO_HTTPS, type Https } from './https.js';

const route: Route = { domain: 'a.test', site: 'd1', to: 'maintenance', deny: [], uploadMiB: 2 };
const unknown: CaddyRoute = { '@id': 'unknown-host', handle: [{ handler: 'static_response' }] };
const own: Https = {
  ...NO_HTTPS,
  way: 'own',
  certificates: [{ fingerprint: 'AA', names: ['*.test'], chain: 'chain', key: new Secret('the key') }],
};
const acme: Https = { ...NO_HTTPS, way: 'acme', email: 'a@b.id' };

interface Config {
  apps: {
    tls?: { automation?: unknown; certificates: unknown };
    http: { servers: { sites: { listen: string[]; routes: CaddyRoute[]; automatic_https: unknown } } };
  };
}
const told = (https: Https, routes = [toCaddy(route), serveRoute([route]), unknown]): Config =>
  JSON.parse(JSON.stringify(configOf(https, routes))) as Config;
const sites = (https: Https, routes?: CaddyRoute[]) => told(https, routes).apps.http.servers.sites;

describe('the whole configuration', () => {
  it('keeps the routes that stand, in their order, behind one head', () => {
    const first = sites(own).routes;
    expect(first.map((one) => one['@id'])).toEqual([HEAD, 'site-a.test', 'serve', 'unknown-host']);
    expect(routesIn(first)).toEqual([route]);
    expect(sites(acme, first).routes.map((one) => one['@id'])).toEqual([HEAD, 'site-a.test', 'serve', 'unknown-host']);
  });

  it('tells the rules that are in use, in the words of this version, and leaves what it does not know', () => {
    const older = JSON.parse(
      JSON.stringify(serveRoute([route, { ...route, uploadMiB: 9 }])).replaceAll('X-Site', 'X-Old'),
    ) as CaddyRoute;
    const strange: CaddyRoute = { '@id': 'site-b.test', handle: [{ handler: 'subroute' }], terminal: true };
    expect(sites(NO_HTTPS, [toCaddy(route), strange, older, unknown]).routes.slice(1)).toEqual(
      JSON.parse(JSON.stringify([toCaddy(route), strange, serveRoute([route]), unknown])),
    );
  });

  it('opens the port of HTTPS and leads there only when there is a way', () => {
    expect(sites(NO_HTTPS).listen).toEqual([':8080']);
    expect(JSON.stringify(told(NO_HTTPS))).not.toMatch(/308|Strict-Transport|tls_connection/);
    expect(sites(own).listen).toEqual([':8080', ':8443']);
    expect(JSON.stringify(told(own))).toMatch(/308.*Strict-Transport/);
  });

  it('asks for certificates of what is routed, and never on demand', () => {
    expect(sites(acme).automatic_https).toEqual({ disable_redirects: true });
    expect(sites(own).automatic_https).toEqual({ disable: true });
    expect(told(own).apps.tls?.automation).toBeUndefined();
    expect(JSON.stringify([told(acme), told({ ...acme, way: 'internal' })])).not.toContain('on_demand');
  });

  it('makes no browser remember HTTPS whose issuer it does not know', () =>
    expect(JSON.stringify(told({ ...NO_HTTPS, way: 'internal' }))).not.toContain('Strict-Transport'));

  it('believes nobody about visitors but the proxies that are named', () => {
    expect(JSON.stringify(told(own))).not.toContain('X-Forwarded-For}');
    const trusting = JSON.stringify(sites({ ...NO_HTTPS, trustedProxies: ['10.0.0.0/8'] }).routes[0]);
    expect(trusting.match(/"remote_ip":\{"ranges":\["10.0.0.0\/8"\]\}/g)).toHaveLength(3);
  });

  it('keeps a route to the gateway of another server', () => {
    const onward: Route = { ...route, to: { server: '10.0.0.7', port: 80, key: 'theirs' } };
    expect(routesIn(sites(acme, [toCaddy(onward), serveRoute([onward])]).routes)).toEqual([onward]);
  });

  it('believes another gateway by its key alone, after every proxy, and leads nobody to HTTPS whom it passes on', () => {
    const withKey = '"header":{"X-Siappakai-Forward":["ours"]}';
    const passedOn = { ...own, trustedProxies: ['10.0.0.0/8'], forwardKey: new Secret('ours') };
    const head = JSON.stringify(sites(passedOn).routes[0]);
    expect(head).toMatch(
      /"remote_ip".*"header":\{"X-Siappakai-Forward":\["ours"\]\}\}\],"handle":\[\{"handler":"vars"/,
    );
    const [led, remembered] = ['308', 'Strict-Transport'].map((words) => head.slice(0, head.indexOf(words)));
    for (const before of [led!, remembered!])
      expect(before.slice(before.lastIndexOf('"match"'))).toContain(`"not":[{${withKey}}]`);
    expect(JSON.stringify(sites(own).routes[0])).not.toContain('X-Siappakai-Forward');
  });
});

describe('what was told', () => {
  it('is read back from the head', () => expect(toldIn(sites(acme).routes[0] as never)).toBe(markOf(acme)));

  it.each([
    ['another way', { ...own, way: 'internal' as const }],
    ['another port', { ...own, port: 8443 }],
    ['another proxy', { ...own, trustedProxies: ['10.0.0.1'] }],
    ['another certificate', { ...own, certificates: [{ ...own.certificates[0]!, fingerprint: 'BB' }] }],
    ['another contact', { ...own, email: 'x@y.id' }],
    ['another key between gateways', { ...own, forwardKey: new Secret('ours') }],
  ])('differs by %s', (_what, other) => expect(markOf(other)).not.toBe(markOf(own)));

  it('is the same in another order, and with what is not there left out', () => {
    const { certificates, ...rest } = own;
    expect(markOf({ certificates, email: undefined, ...rest })).toBe(markOf(own));
  });

  it('carries no key', () => expect(JSON.stringify(sites(own))).not.toContain('the key'));
});

it.each([
  [acme, 'acme-v02.api.letsencrypt.org-directory'],
  [{ ...acme, directory: 'https://CA.kab.test:9443/acme/local/directory' }, 'ca.kab.test-9443-acme-local-directory'],
  [{ ...acme, way: 'internal' as const }, 'local'],
])('the proxy keeps certificates by their issuer', (https, folder) =>
  expect(certificateFolder(https)).toBe(`/data/caddy/certificates/${folder}`),
);

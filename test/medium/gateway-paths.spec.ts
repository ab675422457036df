import { randomInt } from 'node:crypto';
import * as names from '#libs/catalog/names.js';
import { Secret } from '#libs/core/secret.js';
import { gatewayOn } from '#libs/gateway/drivers/caddy.js';
import { volumesOf } from '#libs/gateway/gateway-container.js';
import type { Gateway, Route } from '#libs/gateway/gateway-port.js';
import { NO_HTTPS } from '#libs/gateway/https.js';
import type { RuntimeSpec, SiteSpec } from '#libs/runtimes/runtime-port.js';
import type { Address } from '#libs/templates/address.js';
import { probe } from '../demo/prober.js';
import { given, visitHttp, visitHttps, type Answer } from './https-visitor.js';
import { runtimeWorld, type RuntimeWorld } from './runtime-world.js';

const PBB: Address = { path: '/pbb', prefix: 'base', rewrites: {} };
const API: Address = {
  path: '/api',
  prefix: 'own',
  rewrites: { '/api/versi': '/', '/api/healthcheck': '/healthcheck' },
};
const domain = 'desa1.test';

/** Three applications of one desa under one domain, each in a runtime of its own. */
describe('applications below a path of a domain', () => {
  let world: RuntimeWorld;
  const main = () => world.site(1);
  const tax = (): SiteSpec => world.site(1, { name: 'Pajak' });
  const phone = (): SiteSpec => world.site(1, { name: 'Ponsel' });
  const specOf = (version: string, address: Address): RuntimeSpec => {
    const { app, dataVolume } = world.spec();
    const routes = { ...app.routes, static: { '/storage': 'desa/upload' } };
    const more = { app: { ...app, address, routes }, dataVolume: `${dataVolume}${address.path.replace('/', '-')}` };
    return world.spec(version, more);
  };
  const pbb = (version = 'v2.0.0') => specOf(version, PBB);
  const api = () => specOf('v3.0.0', API);
  const routeTo = ({ name: runtime, gateKey }: RuntimeSpec, more: Partial<Route> = {}): Route => ({
    ...{ domain, site: main().site, to: { runtime, port: 8080, gateKey: gateKey.reveal() }, deny: [], uploadMiB: 2 },
    ...more,
  });
  const toPbb = (version?: string, more: Partial<Route> = {}) => routeTo(pbb(version), { path: '/pbb', ...more });
  const toApi = () => routeTo(api(), { path: '/api' });
  const visit = (path: string, headers: Record<string, string> = {}) =>
    visitHttp(world.httpPort, { domain, path, headers });
  const code = (php: string) => ({ 'X-Code': Buffer.from(php).toString('base64') });
  const seen = ({ body }: Answer) => JSON.parse(body) as Record<string, string | undefined>;
  const echo = code('echo json_encode($_SERVER);');
  const whoAnswers = async (path: string): Promise<string> =>
    /Desa Desa 1|Pajak|Ponsel|Belum ada situs|sedang dirawat/.exec((await visit(path)).body)?.[0] ?? '';

  beforeAll(async () => {
    world = await runtimeWorld('pth');
    await world.runtimes.ensure(world.spec(), [main()]);
    await world.runtimes.ensure(world.spec('v1.0.1'), [main()]);
    for (const version of ['v2.0.0', 'v2.0.1']) await world.runtimes.ensure(pbb(version), [tax()]);
    await world.runtimes.ensure(api(), [phone()]);
  }, 180_000);
  afterAll(() => world.close(), 60_000);

  it('go before the domain, in whatever order they were put, replaced and removed', async () => {
    const all: Record<string, () => Route> = { d: () => routeTo(world.spec()), p: () => toPbb(), a: toApi };
    for (const order of ['dpa', 'dap', 'pda', 'pad', 'adp', 'apd']) {
      for (const one of order) await world.gateway.put(all[one]!());
      for (const one of [...order].reverse()) await world.gateway.put(all[one]!());
      const answers = await Promise.all(['/', '/pbb', '/pbb/x', '/api/x', '/pbbx', '/artikel/pbb'].map(whoAnswers));
      expect([order, ...answers]).toEqual([
        order,
        'Desa Desa 1',
        'Pajak',
        'Pajak',
        'Ponsel',
        'Desa Desa 1',
        'Desa Desa 1',
      ]);
      expect(await world.gateway.route(domain, '/pbb')).toEqual(toPbb());
      expect(await world.gateway.routes()).toHaveLength(3);
      await world.gateway.remove(domain);
      expect(await Promise.all(['/', '/pbb/x'].map(whoAnswers))).toEqual(['Belum ada situs', 'Pajak']);
      await world.gateway.put(routeTo(world.spec()));
      await world.gateway.remove(domain, '/pbb');
      expect(await Promise.all(['/pbb/x', '/api/x'].map(whoAnswers))).toEqual(['Desa Desa 1', 'Ponsel']);
      for (const path of [undefined, '/pbb', '/api']) await world.gateway.remove(domain, path);
      expect(await world.gateway.routes()).toEqual([]);
    }
  }, 120_000);

  it('see the path as they want it, and who the visitor is, whatever the visitor says', async () => {
    for (const route of [routeTo(world.spec()), toPbb(), toApi()]) await world.gateway.put(route);
    const lies = {
      ...{
        'X-Forwarded-For': '6.6.6.6',
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Host': 'evil.test',
        'X-Real-IP': '6.6.6.6',
      },
      ...{
        'X-Forwarded-Port': '666',
        'X-Forwarded-Prefix': '/evil',
        Forwarded: 'host=evil.test',
        host: `${domain}:8443`,
      },
    };
    const of = async (path: string) => {
      const answer = await visit(path, { ...echo, ...lies });
      expect(answer.body).not.toMatch(/evil|666|6\.6\.6/);
      return seen(answer);
    };
    expect(await of('/pbb/a/b?c=1')).toMatchObject({
      ...{ SCRIPT_NAME: '/pbb/index.php', REQUEST_URI: '/pbb/a/b?c=1', QUERY_STRING: 'c=1' },
      HTTP_HOST: `${domain}:8443`,
    });
    expect(await of('/pbb')).toMatchObject({ SCRIPT_NAME: '/pbb/index.php', REQUEST_URI: '/pbb' });
    expect(await of('/pbb/index.php/x')).toMatchObject({ SCRIPT_NAME: '/pbb/index.php', PATH_INFO: '/x' });
    expect(await of('/api/v1/x?y')).toMatchObject({ SCRIPT_NAME: '/index.php', REQUEST_URI: '/api/v1/x?y' });
    expect(await of('/api/versi?y')).toMatchObject({ REQUEST_URI: '/?y' });
    expect(await of('/api/healthcheck')).toMatchObject({ REQUEST_URI: '/healthcheck' });
    const [direct, below] = [await of('/'), await of('/pbb/')];
    expect(below['REMOTE_ADDR']).toBe(direct['REMOTE_ADDR']);
    expect(direct).toMatchObject({ SCRIPT_NAME: '/index.php', REQUEST_URI: '/' });
    expect((await visit('/pbb/assets/site.css')).body).toContain('body {');
  }, 60_000);

  it('show no denied path, as they see it, however it is written', async () => {
    await world.gateway.put(toPbb('v2.0.0', { deny: ['^/geheim(/|$)'] }));
    const atTheEdge = ['/pbb/geheim', '/pbb//geheim/x', '//pbb/geheim', '/pbb/a/../geheim', '/p%62b/%67eheim'];
    const inTheRuntime = [
      ...['/pbb/desa/key', '/pbb/desa/config/config.php', '/pbb/index.php/install', '/pbb/koneksi-database'],
      ...['/pbb/..%2fdesa/key', '/pbb/%2e%2e/desa/key', '/pbb/x.sql', '/pbb/.htaccess', '/pbb/storage/logs/a'],
    ];
    for (const path of [...atTheEdge, ...inTheRuntime]) expect([path, (await visit(path)).status]).toEqual([path, 404]);
    expect((await visit('/pbb/geheimnis')).status).toBe(200);
    expect((await visit('/geheim')).status).toBe(200);
  }, 60_000);

  it('give out what is said to be public of their data, and follow no link there', async () => {
    await world.gateway.put(toPbb());
    const php =
      'file_put_contents(TREE."/desa/upload/foto.txt", "foto"); @symlink(TREE."/desa/key", TREE."/desa/upload/l.txt"); echo 1;';
    expect((await visit('/pbb/', code(php))).body).toBe('1');
    expect((await visit('/pbb/storage/foto.txt')).body).toBe('foto');
    expect([404, 403]).toContain((await visit('/pbb/storage/l.txt')).status);
    expect((await visit('/pbb/storage/x.php')).status).toBe(404);
    expect((await visit('/storage/foto.txt')).body).not.toBe('foto');
  }, 60_000);

  it('keep their cookies to themselves', async () => {
    const cookies = async (path: string): Promise<unknown> => {
      const php = 'setcookie("XSRF-TOKEN", "x", 0, "/"); setcookie("own", "y", 0, "/pbb/in"); echo 1;';
      return (await visit(path, code(php))).headers['set-cookie'];
    };
    expect(await cookies('/pbb/')).toEqual(['XSRF-TOKEN=x; path=/pbb', 'own=y; path=/pbb/in']);
    expect(await cookies('/')).toEqual(['XSRF-TOKEN=x; path=/', 'own=y; path=/pbb/in']);
  }, 60_000);

  it('are closed alone', async () => {
    await world.gateway.put(toPbb('v2.0.0', { to: 'maintenance' }));
    expect(await Promise.all(['/pbb/x', '/', '/api/x'].map(whoAnswers))).toEqual([
      ...['sedang dirawat', 'Desa Desa 1', 'Ponsel'],
    ]);
    expect(await world.gateway.route(domain, '/pbb')).toEqual(toPbb('v2.0.0', { to: 'maintenance' }));
    await world.gateway.put(toPbb());
    await world.gateway.put(routeTo(world.spec(), { to: 'maintenance' }));
    expect(await Promise.all(['/pbb/x', '/', '/api/x'].map(whoAnswers))).toEqual(['Pajak', 'sedang dirawat', 'Ponsel']);
    await world.gateway.put(routeTo(world.spec()));
  }, 60_000);

  it('and their neighbours lose no request while one of them is switched', async () => {
    const doors = ['/', '/pbb/x', '/api/x'].map((path) => probe(world.httpPort, [domain], path, 25));
    for (let turn = 0; turn < 20; turn += 1) {
      await world.gateway.put(toPbb(turn % 2 ? 'v2.0.0' : 'v2.0.1'));
      await world.gateway.put(routeTo(world.spec(turn % 4 < 2 ? 'v1.0.0' : 'v1.0.1')));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    for (const door of doors) {
      const found = (await door.stop()).get(domain);
      expect(found).toMatchObject({ failed: 0, reasons: {} });
      expect(found?.asked).toBeGreaterThan(60);
    }
    expect(await world.gateway.route(domain, '/api')).toEqual(toApi());
  }, 90_000);

  it('are passed on to the gateway of another server, one path or the rest', async () => {
    const [key, container, port] = ['e'.repeat(64), `${world.gatewayContainer}-2`, randomInt(40_000, 60_000)];
    const place = { container, image: names.gatewayImage(), httpPort: port, httpAddress: '127.0.0.1' };
    const second: Gateway = gatewayOn(world.docker, { ...place, forwardKey: new Secret(key) });
    const onward: Route['to'] = { server: container, port: 8080, key };
    try {
      await second.ensure();
      await second.joinNetwork(world.spec().network);
      await second.put(toPbb('v2.0.1'));
      await world.gateway.put({ ...toPbb(), to: onward });
      expect(await world.gateway.route(domain, '/pbb')).toMatchObject({ path: '/pbb', to: onward });
      const [direct, passed] = [seen(await visit('/', echo)), seen(await visit('/pbb/y', echo))];
      expect(passed).toMatchObject({ REQUEST_URI: '/pbb/y', REMOTE_ADDR: direct['REMOTE_ADDR'], HTTP_HOST: domain });
      expect(JSON.stringify(passed)).not.toContain(key);
      expect(await whoAnswers('/')).toBe('Desa Desa 1');
    } finally {
      await world.gateway.put(toPbb());
      await world.docker.remove(container);
      for (const volume of Object.values(volumesOf(container))) await world.docker.removeVolume(volume);
    }
  }, 90_000);

  it('are served by HTTPS as their domain is, and stand where they stood when the gateway is told anew', async () => {
    world.https = {
      ...NO_HTTPS,
      port: world.httpsPort,
      address: '127.0.0.1',
      way: 'own',
      certificates: [given('desa1')],
    };
    await world.gateway.renew();
    expect((await visit('/pbb/x')).status).toBe(308);
    const of = async (path: string) => seen(await visitHttps(world.httpsPort, { domain, path, headers: echo }));
    expect(await of('/pbb/x')).toMatchObject({ HTTPS: 'on', SCRIPT_NAME: '/pbb/index.php', REQUEST_URI: '/pbb/x' });
    expect(await of('/x')).toMatchObject({ HTTPS: 'on', SCRIPT_NAME: '/index.php' });
    expect(await world.gateway.routes()).toHaveLength(3);
  }, 90_000);
});

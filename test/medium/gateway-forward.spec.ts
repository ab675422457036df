import { randomInt } from 'node:crypto';
import { request } from 'node:http';
import * as names from '#libs/catalog/names.js';
import { Secret } from '#libs/core/secret.js';
import { gatewayOn } from '#libs/gateway/drivers/caddy.js';
import type { Gateway, Route } from '#libs/gateway/gateway-port.js';
import { volumesOf } from '#libs/gateway/gateway-container.js';
import { NO_HTTPS, type Https } from '#libs/gateway/https.js';
import { given } from './https-visitor.js';
import { runtimeWorld, type RuntimeWorld } from './runtime-world.js';

interface Told {
  ip: string;
  https: string;
  host: string;
  all: string;
}

/** Two gateways, as on two servers: the old one passes on what still comes to it. */
describe('a gateway that passes visitors on to the one of another server', () => {
  const key = 'f'.repeat(64);
  const port = randomInt(40_000, 60_000);
  let world: RuntimeWorld;
  let second: Gateway;
  let container: string;
  let https: Https = NO_HTTPS;

  const one = () => world.site(1);
  const route = (to: Route['to'], more: Partial<Route> = {}): Route => ({
    ...{ domain: one().domain, site: one().site, to, deny: [], uploadMiB: 2 },
    ...more,
  });
  const toRuntime = (): Route['to'] => {
    const { name: runtime, gateKey } = world.spec();
    return { runtime, port: 8080, gateKey: gateKey.reveal() };
  };
  const told = async (at: number, headers: Record<string, string> = {}): Promise<Told> => {
    const code = `echo json_encode(['ip' => $_SERVER['REMOTE_ADDR'], 'https' => $_SERVER['HTTPS'] ?? '', 'host' => $_SERVER['HTTP_HOST'], 'all' => json_encode($_SERVER)]);`;
    const { body } = await visit(at, '/', { ...headers, 'X-Code': Buffer.from(code).toString('base64') });
    return JSON.parse(body) as Told;
  };
  const visit = (at: number, path: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const options = { host: '127.0.0.1', port: at, path, agent: false, headers: { host: one().domain, ...headers } };
      const call = request(options, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
      });
      call.on('error', reject);
      call.end();
    });

  beforeAll(async () => {
    world = await runtimeWorld('fwd');
    await world.runtimes.ensure(world.spec(), [one()]);
    container = `${world.gatewayContainer}-2`;
    second = gatewayOn(world.docker, {
      ...{ container, image: names.gatewayImage(), httpPort: port, httpAddress: '127.0.0.1' },
      forwardKey: new Secret(key),
      https: () => Promise.resolve(https),
    });
    await second.ensure();
    await second.joinNetwork(world.spec().network);
    await second.put(route(toRuntime()));
    await world.gateway.put(route({ server: container, port: 8080, key }, { deny: ['^/geheim'] }));
  }, 120_000);
  afterAll(async () => {
    await world.docker.remove(container);
    for (const volume of Object.values(volumesOf(container))) await world.docker.removeVolume(volume);
    await world.close();
  }, 60_000);

  it('is read back as it was put, and the desa is told the address and the name that the visitor has', async () => {
    const stored = await world.gateway.route(one().domain);
    expect(stored?.to).toEqual({ server: container, port: 8080, key });
    const [direct, passed] = [await told(port), await told(world.httpPort)];
    expect(passed).toMatchObject({ ip: direct.ip, https: '', host: one().domain });
  }, 30_000);

  it('still answers denied paths itself, and shows the maintenance page of the other one as one', async () => {
    expect((await visit(world.httpPort, '/geheim/x')).status).toBe(404);
    await second.put(route('maintenance'));
    expect((await visit(world.httpPort, '/')).status).toBe(503);
    await second.put(route(toRuntime()));
    expect((await visit(world.httpPort, '/')).status).toBe(200);
  }, 30_000);

  it('believes nobody about an address or https but the gateway that knows the key', async () => {
    const { ip } = await told(port);
    const lie = { 'X-Real-IP': '6.6.6.6', 'X-Forwarded-For': '6.6.6.6', 'X-Forwarded-Proto': 'https' };
    for (const at of [port, world.httpPort])
      for (const forged of [lie, { ...lie, 'X-Siappakai-Forward': 'guessed' }, { ...lie, 'X-Siappakai-Forward': '' }])
        expect(await told(at, forged)).toMatchObject({ ip, https: '' });
    const proved = await told(port, { ...lie, 'X-Siappakai-Forward': key });
    expect(proved).toMatchObject({ ip: '6.6.6.6', https: 'on' });
    // The first gateway knows the key of nobody: there it is a word like any other.
    expect(await told(world.httpPort, { ...lie, 'X-Siappakai-Forward': key })).toMatchObject({ ip, https: '' });
  }, 30_000);

  it('shows the key to no application', async () => {
    for (const at of [port, world.httpPort])
      expect((await told(at, { 'X-Siappakai-Forward': key })).all).not.toContain(key);
  }, 30_000);

  it('passes on what a proxy in front of the first one says of the visitor', async () => {
    world.https = { ...world.https, trustedProxies: ['172.16.0.0/12', '192.168.0.0/16', '10.0.0.0/8'] };
    await world.gateway.renew();
    const said = { 'X-Forwarded-For': '6.6.6.6, 203.0.113.7', 'X-Forwarded-Proto': 'https' };
    expect(await told(world.httpPort, said)).toMatchObject({ ip: '203.0.113.7', https: 'on' });
    expect((await world.gateway.route(one().domain))?.to).toEqual({ server: container, port: 8080, key });
  }, 60_000);

  it('leads nobody to HTTPS who was passed on: DNS would bring them to the first one again, and that one here', async () => {
    const where = { port: randomInt(60_001, 65_000), address: '127.0.0.1' };
    https = { ...NO_HTTPS, ...where, way: 'own', certificates: [given('desa1')] };
    await second.renew();
    expect((await visit(world.httpPort, '/')).status).toBe(200);
    for (const forged of ['', 'guessed'])
      expect((await visit(port, '/', { 'X-Siappakai-Forward': forged })).status).toBe(308);
  }, 90_000);
});

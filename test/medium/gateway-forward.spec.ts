import { randomInt } from 'node:crypto';
import { request } from 'node:http';
import * as names from '#libs/catalog/names.js';
import { Secret } from '#libs/core/secret.js';
import { gatewayOn } from '#libs/gateway/drivers/caddy.js';
import type { Gateway, Route } from '#libs/gateway/gateway-port.js';
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
    });
    await second.ensure();
    await second.joinNetwork(world.spec().network);
    await second.put(route(toRuntime()));
    const host = (await world.docker.container(container))!.addresses[names.edgeNetwork()]!;
    await world.gateway.put(route({ server: host, port: 8080, key }, { deny: ['^/geheim'] }));
  }, 120_000);
  afterAll(async () => {
    await world.docker.remove(container);
    await world.docker.removeVolume(`${container}-config`);
    await world.close();
  }, 60_000);

  it('is read back as it was put, and the desa is told the address and the name that the visitor has', async () => {
    const stored = await world.gateway.route(one().domain);
    expect(stored?.to).toMatchObject({ port: 8080, key });
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
});

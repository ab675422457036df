import Dockerode from 'dockerode';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import * as names from '#libs/catalog/names.js';
import { createOptions } from '#libs/servers/drivers/create-options.js';
import type { Docker } from '#libs/servers/docker.js';
import * as hostile from './hostile-code.js';
import { runtimeWorld, type RuntimeWorld } from './runtime-world.js';

/** The engine itself, for settings weaker than ours: our own door cannot make them. */
const engine = new Dockerode({ socketPath: '/var/run/docker.sock' });

describe('hostile code that looks for a way out of its runtime', () => {
  let world: RuntimeWorld;
  const spec = () => world.spec();
  const bad = () => world.site(1);
  const good = () => world.site(2);
  const attack = (code: string, runtime = spec()) => world.php(runtime, bad(), code);

  beforeAll(async () => {
    world = await runtimeWorld('out');
    await world.runtimes.ensure(spec(), [bad(), good()]);
  }, 120_000);
  afterAll(() => world.close(), 60_000);

  it('leaves no message queue, shared memory or semaphore for others; without our limits it would', async () => {
    expect(JSON.parse(await attack(hostile.SYSTEM_IPC))).toEqual([]);
    const weak = JSON.parse(await unlimited(world.docker, spec().image, hostile.SYSTEM_IPC)) as string[];
    expect(weak).toEqual(['queue as a file', 'queue', 'memory', 'memory by shmop', 'semaphore']);
  }, 60_000);

  it('reaches nothing that the server offers on all its addresses; on a network where it has one it would', async () => {
    const { listener, port, calls } = await offered();
    try {
      const network = `${spec().network}-weak`;
      await engine.createNetwork({ Name: network, Internal: true });
      const weak = world.spec('v1.0.7', { network });
      await world.runtimes.ensure(weak, [bad()]);
      const hosts = [...(await addressesOn(spec().network)), ...(await addressesOn(network)), ...ownAddresses()];
      expect(JSON.parse(await attack(hostile.reached(hosts, port)))).toEqual([]);
      expect(calls()).toBe(0);
      const [address] = await addressesOn(network);
      expect(JSON.parse(await attack(hostile.reached(hosts, port), weak))).toContain(address);
      expect(calls()).toBeGreaterThan(0);
      expect(JSON.parse(await attack(hostile.reached([spec().name, world.gatewayContainer], 8080)))).toHaveLength(2);
    } finally {
      listener.close();
    }
  }, 120_000);

  it('is a visitor like any other at the gateway, and does not reach what the gateway is told by', async () => {
    for (const { domain, site } of [bad(), good()])
      await world.gateway.put({
        domain,
        site,
        to: { runtime: spec().name, port: 8080, gateKey: spec().gateKey.reveal() },
        deny: [],
        uploadMiB: 1,
      });
    const guesses = { 'X-Siappakai-Site': good().site, 'X-Siappakai-Gate': 'guess', 'X-Siappakai-Operator': 'guess' };
    const headers = { Host: bad().domain, ...guesses };
    const through = (path: string, more = {}) =>
      attack(hostile.asks(world.gatewayContainer, { ...headers, ...more }, path));
    expect(await through('/')).toContain('<title>Website Desa Desa 1</title>');
    expect(await through('/install')).toMatch(/^HTTP\/1\.\d 404/);
    expect(await through('/', { Connection: Object.keys(guesses).join(', ') })).not.toContain('Desa 2');
    const seen = Buffer.from('echo json_encode([$_SERVER, getenv()]);').toString('base64');
    expect(await through('/', { 'X-Code': seen })).not.toContain(spec().gateKey.reveal());
    expect(JSON.parse(await attack(hostile.reached([world.gatewayContainer], 2019)))).toEqual([]);
  }, 60_000);
});

/** Runs PHP as a desa's uid in a container like ours, but for the limits of system IPC; answers what it prints. */
async function unlimited(docker: Docker, image: string, code: string): Promise<string> {
  const name = `t-b-out-weak-${randomBytes(3).toString('hex')}`;
  const options = createOptions({ name, image, user: '30001:30001', entrypoint: ['php'], argv: ['-r', code] });
  const container = await engine.createContainer({
    ...options,
    Labels: names.labels(),
    HostConfig: { ...options.HostConfig, Sysctls: {} },
  });
  try {
    await container.start();
    await container.wait();
    return await docker.logs(name, 10);
  } finally {
    await container.remove({ force: true });
  }
}

/** A service of the server that listens on all its addresses, as many do. */
async function offered(): Promise<{ listener: Server; port: number; calls: () => number }> {
  let count = 0;
  const listener = createServer((call) => {
    count += 1;
    call.end();
  }).listen(0, '0.0.0.0');
  await once(listener, 'listening');
  return { listener, port: (listener.address() as AddressInfo).port, calls: () => count };
}

/** What the engine tells a network's containers to be the server's address. */
const addressesOn = async (network: string): Promise<string[]> =>
  ((await engine.getNetwork(network).inspect()).IPAM?.Config ?? []).flatMap(({ Gateway }) => Gateway ?? []);

const ownAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);

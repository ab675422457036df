import { request } from 'node:http';
import type { Route } from '#libs/gateway/gateway-port.js';
import { probe } from '../demo/prober.js';
import { runtimeWorld, type RuntimeWorld } from './runtime-world.js';

type Answer = { status: number; body: string; headers: Record<string, unknown> };

describe('the gateway', () => {
  let world: RuntimeWorld;
  const one = () => world.site(1);
  const routeTo = (version?: string, more: Partial<Route> = {}): Route => {
    const { name: runtime, gateKey } = world.spec(version);
    const { domain, site } = one();
    return { domain, site, to: { runtime, port: 8080, gateKey: gateKey.reveal() }, deny: [], uploadMiB: 2, ...more };
  };
  const visit = (path: string, headers: Record<string, string> = {}, domain = one().domain): Promise<Answer> =>
    visitOf(world.httpPort, path, { host: domain, ...headers });

  beforeAll(async () => {
    world = await runtimeWorld('gw');
    for (const version of ['v1.0.0', 'v1.0.1'])
      await world.runtimes.ensure(world.spec(version), [one(), world.site(2)]);
  }, 120_000);
  afterAll(() => world.close(), 60_000);

  it('answers an unknown host with a page that says so', async () => {
    const { status, body } = await visit('/', {}, 'nobody.test');
    expect([status, body]).toEqual([404, expect.stringContaining('Belum ada situs desa')]);
  });

  it('puts a route, reads back the same, replaces it, forgets it', async () => {
    const first = routeTo('v1.0.0', { deny: ['^/desa/config', String.raw`\.sql$`] });
    await world.gateway.put(first);
    expect(await world.gateway.route(first.domain)).toEqual(first);
    expect((await visit('/')).body).toContain('Website Desa Desa 1');
    await world.gateway.put(routeTo('v1.0.1'));
    expect(await world.gateway.routes()).toEqual([routeTo('v1.0.1')]);
    await world.gateway.remove(first.domain);
    await world.gateway.remove(first.domain);
    expect(await world.gateway.route(first.domain)).toBeUndefined();
    expect((await visit('/')).status).toBe(404);
  }, 30_000);

  it('shows no denied path to a visitor, however it is written', async () => {
    await world.gateway.put(routeTo('v1.0.0', { deny: ['^/geheim(/|$)'] }));
    const atTheEdge = ['/geheim', '/geheim/x', '//geheim', '/a/../geheim', '/%67eheim'];
    const inTheRuntime = [
      '/index.php/install',
      '/install',
      '/koneksi-database',
      '/desa/key',
      '/desa/config/config.php',
      '/x.sql',
    ];
    for (const path of [...atTheEdge, ...inTheRuntime]) expect([path, (await visit(path)).status]).toEqual([path, 404]);
    expect((await visit('/geheimnis')).status).toBe(200);
  }, 30_000);

  it("takes no visitor's word for which site is meant or who is asking", async () => {
    await world.gateway.put(routeTo());
    const key = world.spec().gateKey.reveal();
    const forged = {
      'X-Siappakai-Site': world.site(2).site,
      'x-siappakai-gate': 'guessed',
      'X-Siappakai-Operator': key,
    };
    const page = await visit('/', forged);
    expect([page.status, page.body]).toEqual([200, expect.stringContaining('Website Desa Desa 1')]);
    expect((await world.get(world.spec(), one(), '/index.php/install')).status).toBe(200);
    expect((await visit('/index.php/install', forged)).status).toBe(404);
    const code = Buffer.from('echo json_encode($_SERVER);').toString('base64');
    const seen = (await visit('/', { ...forged, 'X-Code': code })).body;
    expect(seen).not.toContain(key);
    expect(seen).not.toContain('guessed');
  }, 30_000);

  it('shows the maintenance page with 503', async () => {
    await world.gateway.put(routeTo('v1.0.0', { to: 'maintenance' }));
    const { status, body, headers } = await visit('/artikel/1');
    expect([status, headers['retry-after']]).toEqual([503, '15']);
    expect(body).toContain('Situs sedang dirawat');
    expect((await world.gateway.route(one().domain))?.to).toBe('maintenance');
  }, 30_000);

  it('keeps its routes when its container starts again', async () => {
    await world.gateway.put(routeTo());
    await world.docker.stop(world.gatewayContainer);
    await world.gateway.ensure();
    expect(await world.gateway.routes()).toEqual([routeTo()]);
    expect((await visit('/')).status).toBe(200);
  }, 60_000);

  it('loses no request while a route is switched twenty times', async () => {
    await world.gateway.put(routeTo());
    const { domain } = one();
    const visitors = probe(world.httpPort, [domain], '/', 25);
    for (let turn = 0; turn < 20; turn += 1) {
      await world.gateway.put(routeTo(turn % 2 ? 'v1.0.0' : 'v1.0.1'));
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    const seen = (await visitors.stop()).get(domain);
    expect(seen).toMatchObject({ failed: 0, reasons: {} });
    expect(seen?.asked).toBeGreaterThan(20);
  }, 60_000);

  it('turns away nobody who knocks while routes change, each on a connection of their own', async () => {
    await world.gateway.put(routeTo('v1.0.0', { to: 'maintenance' }));
    const { domain } = one();
    let isOver = false;
    const answers: number[] = [];
    const knockers = Array.from({ length: 6 }, async () => {
      while (!isOver)
        answers.push(
          await visit('/').then(
            ({ status }) => status,
            () => 0,
          ),
        );
    });
    for (let turn = 0; turn < 60; turn += 1)
      await world.gateway.put(routeTo('v1.0.0', { to: 'maintenance', domain, uploadMiB: 2 + (turn % 2) }));
    isOver = true;
    await Promise.all(knockers);
    expect(answers.length).toBeGreaterThan(60);
    expect(answers.filter((status) => status !== 503)).toEqual([]);
  }, 120_000);
});

/** As it is written: paths are not tidied up, headers are sent as given. */
const visitOf = (port: number, path: string, headers: Record<string, string>): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, headers, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => {
        resolve({
          status: answer.statusCode ?? 0,
          body: Buffer.concat(parts).toString('utf8'),
          headers: answer.headers,
        });
      });
    });
    call.on('error', reject);
    call.end();
  });

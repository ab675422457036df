import type { Route } from '#libs/gateway/gateway-port.js';
import { NO_HTTPS, type Https } from '#libs/gateway/https.js';
import { given, visitHttp, visitHttps } from './https-visitor.js';
import { runtimeWorld, type RuntimeWorld } from './runtime-world.js';

describe('HTTPS at the gateway', () => {
  let world: RuntimeWorld;
  const wish = (https: Partial<Https>): void => {
    world.https = { ...NO_HTTPS, port: world.httpsPort, address: '127.0.0.1', ...https };
  };
  const routeTo = (domain: string, more: Partial<Route> = {}): Route => {
    const { name: runtime, gateKey } = world.spec();
    const to = { runtime, port: 8080, gateKey: gateKey.reveal() };
    return { domain, site: world.site(1).site, to, deny: [], uploadMiB: 2, ...more };
  };
  const secure = (domain: string, more = {}) => visitHttps(world.httpsPort, { domain, ...more });
  const plain = (domain: string, more = {}) => visitHttp(world.httpPort, { domain, ...more });
  const echo = { 'X-Code': Buffer.from('echo json_encode($_SERVER);').toString('base64') };
  const server = (body: string) => JSON.parse(body) as Record<string, string | undefined>;
  const containerId = async () => (await world.docker.exec(world.gatewayContainer, ['hostname'])).stdout;

  beforeAll(async () => {
    world = await runtimeWorld('tls');
    await world.runtimes.ensure(world.spec(), [world.site(1)]);
    for (const domain of ['desa1.test', 'a.kab.test', 'bare.test']) await world.gateway.put(routeTo(domain));
  }, 120_000);
  afterAll(() => world.close(), 60_000);

  it('is off until a way is set: the port is shut, nothing redirects, nothing is remembered by browsers', async () => {
    await expect(secure('desa1.test')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const { status, headers } = await plain('desa1.test');
    expect([status, headers['strict-transport-security']]).toEqual([200, undefined]);
    expect(await world.gateway.faults()).toEqual([]);
  }, 30_000);

  it("believes no visitor's word about where they come from", async () => {
    const forged = { 'X-Forwarded-For': '9.9.9.9', 'X-Forwarded-Proto': 'https', 'X-Real-IP': '9.9.9.9' };
    const { body } = await plain('desa1.test', { headers: { ...echo, ...forged } });
    const { HTTPS, REMOTE_ADDR } = server(body);
    expect([HTTPS, body.includes('9.9.9.9')]).toEqual([undefined, false]);
    expect(REMOTE_ADDR).toMatch(/^172\.|^192\.168\.|^10\./);
  }, 30_000);

  it('believes a proxy in front that is named, and of it the last word, told without a new container', async () => {
    const container = await containerId();
    wish({ trustedProxies: ['172.16.0.0/12', '192.168.0.0/16', '10.0.0.0/8'] });
    expect(await world.gateway.faults()).toEqual(['https']);
    await world.gateway.renew();
    const headers = { ...echo, 'X-Forwarded-For': '9.9.9.9, 203.0.113.7', 'X-Forwarded-Proto': 'https' };
    const seen = server((await plain('desa1.test', { headers })).body);
    expect([seen['HTTPS'], seen['REMOTE_ADDR'], await containerId()]).toEqual(['on', '203.0.113.7', container]);
    wish({ trustedProxies: ['198.51.100.0/24'] });
    await world.gateway.renew();
    const stranger = server((await plain('desa1.test', { headers })).body);
    expect([stranger['HTTPS'], stranger['REMOTE_ADDR']]).not.toContain('203.0.113.7');
    expect(stranger['HTTPS']).toBeUndefined();
  }, 60_000);

  it('a port that another program holds is found out while the old gateway serves', async () => {
    const container = await containerId();
    wish({ way: 'own', certificates: [given('desa1')], port: world.httpPort });
    await expect(world.gateway.renew()).rejects.toMatchObject({ code: 'gateway-port-taken' });
    expect([(await plain('desa1.test')).status, await containerId()]).toEqual([200, container]);
  }, 60_000);

  it('shows each name the certificate given for it, with its chain, and nobody else any', async () => {
    wish({ way: 'own', certificates: [given('desa1'), given('wildcard')] });
    expect(await world.gateway.faults()).toEqual(['ports', 'https']);
    await world.gateway.renew();
    expect(await world.gateway.faults()).toEqual([]);
    expect(await world.gateway.routes()).toHaveLength(3);
    for (const [domain, shown] of [
      ['desa1.test', 'desa1'],
      ['a.kab.test', 'wildcard'],
    ] as const)
      expect(await secure(domain)).toMatchObject({ status: 200, shown });
    await expect(secure('bare.test')).rejects.toThrow(/alert|handshake|socket/i);
    const { fingerprint } = given('wildcard');
    expect((await world.gateway.served('periksa.kab.test'))[0]).toBe(fingerprint);
    expect(await world.gateway.served('bare.test')).toEqual([]);
  }, 90_000);

  it('leads from HTTP to HTTPS only where a certificate stands, and browsers remember it', async () => {
    const { status, headers } = await plain('a.kab.test', { path: '/artikel/1?q=a%20b' });
    expect([status, headers['location']]).toEqual([308, `https://a.kab.test:${world.httpsPort}/artikel/1?q=a%20b`]);
    expect((await plain('bare.test')).status).toBe(200);
    expect((await secure('a.kab.test')).headers['strict-transport-security']).toBe('max-age=2592000');
    expect((await plain('bare.test')).headers['strict-transport-security']).toBeUndefined();
  }, 30_000);

  it('PHP sees HTTPS and who the visitor is', async () => {
    const forged = { 'X-Forwarded-For': '9.9.9.9', 'X-Forwarded-Proto': 'http' };
    const { body } = await secure('desa1.test', { headers: { ...echo, ...forged } });
    expect(server(body)).toMatchObject({ HTTPS: 'on', REMOTE_ADDR: expect.stringMatching(/^172\.|^192\.168\.|^10\./) });
    expect(body).not.toContain('9.9.9.9');
  }, 30_000);

  it('a key that does not fit is refused by the proxy too, and what stood goes on', async () => {
    const wrong = { ...given('desa1'), key: given('wildcard').key };
    wish({ way: 'own', certificates: [wrong], email: 'x@y.id' });
    const refused = await world.gateway.renew().catch((error: Error) => error);
    expect(refused).toMatchObject({ code: 'gateway-refused' });
    expect(String((refused as Error).message)).not.toContain('PRIVATE');
    expect((await secure('a.kab.test')).status).toBe(200);
    wish({ way: 'own', certificates: [given('desa1'), given('wildcard')] });
    await world.gateway.renew();
  }, 60_000);

  it('turns away nobody who knocks by HTTPS while routes, settings and certificates change', async () => {
    const container = await containerId();
    let isOver = false;
    const answers: (number | string)[] = [];
    const knockers = Array.from({ length: 4 }, async () => {
      while (!isOver)
        answers.push(
          await secure('a.kab.test').then(
            ({ status }) => status,
            (error: Error) => error.message,
          ),
        );
    });
    for (let turn = 0; turn < 60; turn += 1) {
      await world.gateway.put(routeTo('a.kab.test', { uploadMiB: 2 + (turn % 2) }));
      if (turn % 10 !== 0) continue;
      wish({ way: 'own', certificates: [given('wildcard'), ...(turn % 20 ? [given('desa1')] : [])] });
      await world.gateway.renew();
    }
    isOver = true;
    await Promise.all(knockers);
    expect(answers.length).toBeGreaterThan(60);
    expect(answers.filter((answer) => answer !== 200)).toEqual([]);
    expect(await containerId()).toBe(container);
  }, 120_000);

  it('keeps what it was told when its container starts again, and shuts the port when HTTPS is off', async () => {
    wish({ way: 'own', certificates: [given('wildcard')] });
    await world.gateway.renew();
    await world.docker.stop(world.gatewayContainer);
    await world.docker.start(world.gatewayContainer);
    await world.gateway.ensure();
    expect((await secure('a.kab.test')).shown).toBe('wildcard');
    wish({});
    await world.gateway.renew();
    await expect(secure('a.kab.test')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect([(await plain('a.kab.test')).status, (await world.gateway.routes()).length]).toEqual([200, 3]);
  }, 90_000);

  it('signs certificates itself for what is routed where that is the way', async () => {
    wish({ way: 'internal' });
    await world.gateway.renew();
    const names = async () => (await world.gateway.certificates()).standing.flatMap((one) => one.names).sort();
    for (let tries = 0; tries < 100 && (await names()).length < 3; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await names()).toEqual(['a.kab.test', 'bare.test', 'desa1.test']);
    const root = await world.docker.exec(world.gatewayContainer, ['cat', '/data/caddy/pki/authorities/local/root.crt']);
    const { status, headers } = await secure('bare.test', { root: root.stdout });
    expect([status, headers['strict-transport-security']]).toEqual([200, undefined]);
    expect((await plain('bare.test')).status).toBe(308);
  }, 90_000);
});

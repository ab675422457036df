import { Secret } from '#libs/core/secret.js';
import type { Gateway, Route } from '#libs/gateway/gateway-port.js';
import { closeRoutes } from './close-routes.step.js';

const routed = ['a.test', 'b.test', 'c.test'].map((domain) => ({
  serverId: 's',
  domain,
  site: domain[0]!,
  runtimes: [
    { name: 'old', gateKey: new Secret('key-of-old') },
    { name: 'new', gateKey: new Secret('key-of-new') },
  ],
  deny: ['x'],
  uploadMiB: 25,
}));
const to = (runtime: string): Route['to'] => ({ runtime, port: 8080, gateKey: `key-of-${runtime}` });

class FakeGateway implements Pick<Gateway, 'routes' | 'put'> {
  failAt = Infinity;
  constructor(readonly world: Record<string, Route['to']>) {}
  routes = async () =>
    Object.entries(this.world).map(([domain, where]): Route => ({
      domain,
      site: '',
      to: where,
      deny: [],
      uploadMiB: 1,
    }));
  put = async (route: Route) => {
    this.failAt -= 1;
    if (this.failAt < 0) throw new Error('told to fail');
    this.world[route.domain] = route.to;
  };
}

const handsOf = (gateway: FakeGateway) => ({ gatewayOf: async () => gateway });
const world = () => ({ 'a.test': to('old'), 'b.test': to('new'), 'd.test': to('old') });
const window = { mode: 'window' as const, routed };

describe('closing the routes of a gabungan', () => {
  it('plans nothing when it may roll, and nothing when all are closed', async () => {
    const gateway = new FakeGateway(world());
    expect((await closeRoutes.plan({ mode: 'rolling', routed }, handsOf(gateway))).says).toEqual([]);
    const { before } = await closeRoutes.plan(window, handsOf(gateway));
    await closeRoutes.run(window, handsOf(gateway), before);
    await closeRoutes.verify(window, handsOf(gateway));
    expect((await closeRoutes.plan(window, handsOf(gateway))).says).toEqual([]);
  });

  it('closes its own desa alone; one that had no route gets none', async () => {
    const gateway = new FakeGateway(world());
    const { before, says } = await closeRoutes.plan(window, handsOf(gateway));
    expect(says).toEqual(['show the maintenance page on 2 sites']);
    expect(JSON.stringify(before)).not.toContain('key-of');
    await closeRoutes.run(window, handsOf(gateway), before);
    expect(gateway.world).toEqual({ 'a.test': 'maintenance', 'b.test': 'maintenance', 'd.test': to('old') });
  });

  it('verify catches a site that opened again', async () => {
    const gateway = new FakeGateway(world());
    await expect(closeRoutes.verify(window, handsOf(gateway))).rejects.toMatchObject({ code: 'routes-not-closed' });
  });

  it.each([0, 1, 2])('undo after %i of the calls puts every site back on the runtime it had', async (failAt) => {
    const gateway = new FakeGateway(world());
    const { before } = await closeRoutes.plan(window, handsOf(gateway));
    gateway.failAt = failAt;
    await closeRoutes.run(window, handsOf(gateway), before).catch(() => undefined);
    gateway.failAt = Infinity;
    await closeRoutes.undo(window, handsOf(gateway), before);
    expect(gateway.world).toEqual(world());
  });

  it('closes each desa at the gateway of its own server', async () => {
    const gateways = { near: new FakeGateway({ 'a.test': to('old') }), far: new FakeGateway({ 'b.test': to('old') }) };
    const spread = routed.map((one, at) => ({ ...one, serverId: at === 1 ? 'far' : 'near' }));
    const hands = { gatewayOf: async (server: string) => gateways[server as 'near' | 'far'] };
    const { before } = await closeRoutes.plan({ mode: 'window', routed: spread }, hands);
    await closeRoutes.run({ mode: 'window', routed: spread }, hands, before);
    expect([gateways.near.world, gateways.far.world]).toEqual([
      { 'a.test': 'maintenance' },
      { 'b.test': 'maintenance' },
    ]);
    await closeRoutes.undo({ mode: 'window', routed: spread }, hands, before);
    expect([gateways.near.world, gateways.far.world]).toEqual([{ 'a.test': to('old') }, { 'b.test': to('old') }]);
  });
});

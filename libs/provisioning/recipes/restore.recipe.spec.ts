import { Secret } from '#libs/core/secret.js';
import type { Route } from '#libs/gateway/gateway-port.js';
import { toyApp } from '#test/factories/target.js';
import { Calls } from '#test/fakes/calls.js';
import { carried, takenUp, type Carried } from '#test/fakes/carried.js';
import type { RestoreTarget, RestoreTools } from '../restore-target.js';
import { restore } from './gabungan.recipes.js';

interface World {
  /** What stands in each database; a name that is missing is no database. */
  databases: Record<string, string>;
  routes: Record<string, Route['to']>;
}
const route: Route['to'] = { runtime: 'r', port: 8080, gateKey: 'gate' };
const begin = (): World => ({ databases: { gab: 'damaged' }, routes: { 'a.test': route, 'b.test': 'maintenance' } });

const target = {
  run: { id: 'run-1', verb: 'restore' },
  app: toyApp,
  gabungan: { name: 'g', database: 'gab' },
  backup: { id: 'b', version: 'v1.0.0', counts: {}, fingerprint: { sha256: 'good', tables: 0, views: 0 } },
  standing: ['v1.0.0'],
  restored: 'gab_pulih',
  kept: 'gab_lama',
  mode: 'window',
  routed: [
    {
      serverId: 's',
      domain: 'a.test',
      site: 'a',
      runtimes: [{ name: 'r', gateKey: new Secret('gate') }],
      deny: [],
      uploadMiB: 1,
    },
  ],
} as unknown as RestoreTarget;

function toolsOver({ databases, routes }: World, { act }: Calls): RestoreTools {
  const swap = (incoming: string, outgoing: string): void => {
    databases[outgoing] ??= '';
    if (!databases[incoming]) return;
    [databases[outgoing], databases.gab, databases[incoming]] = [databases.gab!, databases[incoming]!, ''];
  };
  const gateway = {
    routes: () => act(() => Object.entries(routes).map(([domain, to]) => ({ domain, to }))),
    put: ({ domain, to }: Route) => act(() => void (routes[domain] = to)),
  };
  return {
    gateway: { freeBytes: () => act(() => 100) },
    gatewayOf: async () => gateway,
    gabungan: {
      sizeBytes: () => act(() => 1),
      tables: () => act(() => []),
      invariants: () => act(() => []),
      fingerprint: () => act(() => ({ sha256: databases.gab, tables: 0, views: 0 })),
    },
    beside: {
      make: (name: string) => act(() => void (databases[name] ??= '')),
      drop: (name: string) => act(() => void delete databases[name]),
      has: (name: string) => act(() => Boolean(databases[name])),
      views: () => act(() => []),
      exchange: (incoming: string, outgoing: string) => act(() => swap(incoming, outgoing)),
    },
    minimumFreeBytes: 1,
    load: () => act(() => void (databases.gab_pulih = 'good')),
    recordSeen: () => act(() => undefined),
    say: async () => {},
  } as unknown as RestoreTools;
}

const aimed = (world: World, at = target) => ({
  recipe: restore,
  target: at,
  tools: (calls: Calls) => toolsOver(world, calls),
});
const perform = (world: World, failAt = Infinity, afterwards = false): Promise<Carried> =>
  carried(aimed(world), new Calls({ failAt, afterwards }));

const restored: World = {
  databases: { gab: 'good', gab_lama: 'damaged' },
  // Who showed the maintenance page before is no desa of ours.
  routes: { 'a.test': route, 'b.test': 'maintenance' },
};

describe('the restore of a gabungan', () => {
  it('brings the backup in and keeps what stood', async () => {
    const world = begin();
    const { journal } = await perform(world);
    expect(journal.problem).toBeUndefined();
    expect(journal.state).toBe('done');
    expect(world).toEqual(restored);
  });

  it('with any one call to the world failing ends either done or with the world as before', async () => {
    const { calls } = await perform(begin());
    expect(calls).toBeGreaterThan(20);
    for (const afterwards of [false, true])
      for (let failAt = 1; failAt <= calls; failAt += 1) {
        const world = begin();
        const { journal } = await perform(world, failAt, afterwards);
        const outcome = { failAt, afterwards, state: journal.state, world };
        // Past the point of no return a failure is a warning: the routes are opened by whoever looks next.
        if (journal.records.at(-1)?.state === 'failed') world.routes['a.test'] = route;
        if (journal.state === 'done') expect(outcome).toEqual({ failAt, afterwards, state: 'done', world: restored });
        else expect(outcome).toEqual({ failAt, afterwards, state: 'undone', world: begin() });
      }
  });

  it('killed at any one call to the world is taken up and ends as if nothing had been', async () => {
    const { calls } = await perform(begin());
    for (const afterwards of [false, true])
      for (let failAt = 1; failAt <= calls; failAt += 1) {
        const world = begin();
        const { state } = await takenUp(aimed(world), { failAt, afterwards });
        expect({ failAt, afterwards, state, world }).toEqual({ failAt, afterwards, state: 'done', world: restored });
      }
  });

  it('is refused while desa stand on another release than the backup', async () => {
    const world = begin();
    const { journal } = await carried(aimed(world, { ...target, standing: ['v1.0.0', 'v2.0.0'] }));
    expect(journal.problem?.code).toBe('restore-other-release');
    expect(world).toEqual(begin());
  });
});

import { Unavailable } from '#libs/core/errors.js';
import { Secret } from '#libs/core/secret.js';
import type { Route } from '#libs/gateway/gateway-port.js';
import { walk } from '#libs/runs/engine.js';
import { toyApp } from '#test/factories/target.js';
import { MemoryJournal } from '#test/fakes/memory-journal.js';
import type { RestoreTarget, RestoreTools } from '../restore-target.js';
import { restore } from './gabungan.recipes.js';

interface World {
  /** What stands in each database; a name that is missing is no database. */
  databases: Record<string, string>;
  routes: Record<string, Route['to']>;
}
const route: Route['to'] = { runtime: 'r', port: 8080, gateKey: 'gate' };
const begin = (): World => ({ databases: { gab: 'damaged' }, routes: { 'a.test': route, 'b.test': 'maintenance' } });
const clock = { now: () => new Date(0), sleep: async () => {} };

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
    { domain: 'a.test', site: 'a', runtimes: [{ name: 'r', gateKey: new Secret('gate') }], deny: [], uploadMiB: 1 },
  ],
} as unknown as RestoreTarget;

/** Every call to the world counts, and the `failAt`-th fails before or after it did its work. */
function toolsOver({ databases, routes }: World, failAt: number, afterwards: boolean) {
  const calls = { count: 0 };
  const act = async <T>(work: () => T): Promise<T> => {
    calls.count += 1;
    const fails = calls.count === failAt;
    if (fails && !afterwards) throw new Unavailable('told-to-fail', {});
    const result = work();
    if (fails) throw new Unavailable('told-to-fail', {});
    return result;
  };
  const swap = (incoming: string, outgoing: string): void => {
    databases[outgoing] ??= '';
    if (!databases[incoming]) return;
    [databases[outgoing], databases.gab, databases[incoming]] = [databases.gab!, databases[incoming]!, ''];
  };
  const tools = {
    gateway: {
      freeBytes: () => act(() => 100),
      routes: () => act(() => Object.entries(routes).map(([domain, to]) => ({ domain, to }))),
      put: ({ domain, to }: Route) => act(() => void (routes[domain] = to)),
    },
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
  return { tools, calls };
}

async function perform(world: World, failAt = Infinity, afterwards = false) {
  const { tools, calls } = toolsOver(world, failAt, afterwards);
  const journal = new MemoryJournal();
  await walk({ recipe: restore, target, tools, journal, clock });
  return { journal, calls: calls.count };
}

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

  it('is refused while desa stand on another release than the backup', async () => {
    const world = begin();
    const { tools } = toolsOver(world, Infinity, false);
    const journal = new MemoryJournal();
    await walk({ recipe: restore, target: { ...target, standing: ['v1.0.0', 'v2.0.0'] }, tools, journal, clock });
    expect(journal.problem?.code).toBe('restore-other-release');
    expect(world).toEqual(begin());
  });
});

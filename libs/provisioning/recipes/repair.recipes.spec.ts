import { release, targetOf } from '#test/factories/target.js';
import { Calls } from '#test/fakes/calls.js';
import { carried, type Carried } from '#test/fakes/carried.js';
import { emptyWorld, FakeTools, type World } from '#test/fakes/fake-world.js';
import type { DesaTarget } from '../target.js';
import { desaRecipes } from './desa.recipes.js';

const R1 = release('v2601.0.0', 'd1');
const repair = targetOf('repair', R1, R1);
const { domain } = repair.desa;
const { site } = repair.site;

const perform = (world: World, target: DesaTarget, failAt = Infinity, afterwards = false): Promise<Carried> =>
  carried(
    {
      recipe: desaRecipes.get(target.run.verb)!,
      target,
      tools: (calls: Calls) => new FakeTools(world, target, calls).tools(),
    },
    new Calls({ failAt, afterwards }),
  );

async function installed(): Promise<World> {
  const world = emptyWorld();
  Object.assign(world, { tables: ['config', 'setting'], migrated: ['d1'] });
  world.rows = [{ id: 1, key: 'first', code: '1307012009', complete: true }];
  await perform(world, targetOf('install', R1));
  return world;
}

const DAMAGES: [string, (world: World) => void][] = [
  ['nothing', () => undefined],
  ['a route that is gone', (world) => void delete world.routes[domain]],
  ['a route that leads elsewhere', (world) => void (world.routes[domain] = 'v2500.0.0')],
  ['a forgotten maintenance page', (world) => void (world.routes[domain] = 'maintenance')],
  ['a desa that is missing in its runtime', (world) => void (world.runtimes[R1.version] = [])],
  ['a runtime that is gone', (world) => void delete world.runtimes[R1.version]],
  ['a runtime of another image', (world) => void (world.faults[R1.version] = ['image'])],
];

describe.each(DAMAGES)('the repair of %s', (_name, damage) => {
  const damaged = async (): Promise<World> => {
    const world = await installed();
    damage(world);
    return world;
  };

  it('ends as if nothing had been', async () => {
    const world = await damaged();
    const { journal } = await perform(world, repair);
    expect([journal.state, journal.problem]).toEqual(['done', undefined]);
    expect(world).toEqual(await installed());
  });

  it('with any one call to the world failing ends done, or undone with nothing worse than before', async () => {
    const { calls } = await perform(await damaged(), repair);
    for (const afterwards of [false, true])
      for (let failAt = 1; failAt <= calls; failAt += 1) {
        const before = await damaged();
        const world = structuredClone(before);
        const { journal } = await perform(world, repair, failAt, afterwards);
        const outcome = { failAt, afterwards, state: journal.state };
        if (journal.state === 'done') expect(world).toEqual(await installed());
        else expect(outcome).toEqual({ failAt, afterwards, state: 'undone' });
        expect({ ...outcome, stands: Object.keys(world.runtimes) }).toMatchObject({
          stands: expect.arrayContaining(Object.keys(before.runtimes)),
        });
        if (before.runtimes[R1.version]?.includes(site)) expect(world.runtimes[R1.version]).toContain(site);
        if (before.routes[domain]) expect(world.routes[domain]).toBeDefined();
        expect([world.rows, world.folders, world.placed]).toEqual([before.rows, before.folders, before.placed]);
      }
  });
});

it('a desa that stands as it should is passed by: every step finds its work done', async () => {
  const world = await installed();
  const { journal } = await perform(world, repair);
  const changing = ['renew-runtime', 'start-runtime', 'renew-site', 'place-site', 'switch-route'];
  const states = journal.records.filter(({ name }) => changing.includes(name)).map(({ name, state }) => [name, state]);
  // The fake's proxy has a gate key of its own, so the route is put once more.
  expect(states.slice(0, 4)).toEqual(changing.slice(0, 4).map((name) => [name, 'skipped']));
});

import { NotProved } from '#libs/core/errors.js';
import { release, targetOf } from '#test/factories/target.js';
import { Calls } from '#test/fakes/calls.js';
import { carried, takenUp, type Carried } from '#test/fakes/carried.js';
import { emptyWorld, FakeTools, type World } from '#test/fakes/fake-world.js';
import type { DesaTarget } from '../target.js';
import { desaRecipes } from './desa.recipes.js';

const R1 = release('v2601.0.0', 'd1');
const R2 = release('v2602.0.0', 'd2');
const CODE_ONLY = release('v2602.0.1', 'd1');

/** Everything but what stays on purpose: a migrated schema, the backups, an image that was shipped, and what an unrouted record says. */
const comparable = ({ backups: _backups, migrated: _migrated, images: _images, ...rest }: World): unknown => ({
  ...rest,
  placed: Object.fromEntries(Object.entries(rest.placed).filter(([, value]) => value !== null)),
});

const aimed = (world: World, target: DesaTarget) => ({
  recipe: desaRecipes.get(target.run.verb)!,
  target,
  tools: (calls: Calls) => new FakeTools(world, target, calls).tools(),
});
const perform = (world: World, target: DesaTarget, failAt = Infinity, afterwards = false): Promise<Carried> =>
  carried(aimed(world, target), new Calls({ failAt, afterwards }));

/** The same desa on another server than the gabungan's. */
const far = (target: DesaTarget): DesaTarget => ({ ...target, server: { id: 'far', name: 'far' } });

async function installed(target = targetOf('install', R1)): Promise<World> {
  const world = emptyWorld();
  // A first desa, so that the one under test is not the protected one.
  Object.assign(world, {
    tables: ['config', 'setting'],
    rows: [{ id: 1, key: 'first', code: '1307012009', complete: true }],
    migrated: ['d1'],
  });
  await perform(world, target);
  return world;
}
const installedFar = (): Promise<World> => installed(far(targetOf('install', R1)));

/** A neighbour's update has started the next runtime, with every desa placed in it. */
async function besideTheNext(): Promise<World> {
  const world = await installed();
  world.runtimes['v2699.0.0'] = ['d1307012001', 'd1307012009'];
  return world;
}

const CASES: [string, () => Promise<World>, DesaTarget][] = [
  ['install of the first desa', async () => emptyWorld(), targetOf('install', R1)],
  ['update with a migration', installed, targetOf('update', R2, R1)],
  ['code-only update', installed, targetOf('update', CODE_ONLY, R1)],
  ['removal', installed, targetOf('remove', R1, R1)],
  ['install on another server', async () => emptyWorld(), far(targetOf('install', R1))],
  ['update on another server', installedFar, far(targetOf('update', R2, R1))],
  ['removal on another server', installedFar, far(targetOf('remove', R1, R1))],
  ['removal while a neighbour is updated', besideTheNext, targetOf('remove', R1, R1)],
];

describe.each(CASES)('%s', (_name, begin, target) => {
  it('ends done, and started again finds everything already so', async () => {
    const world = await begin();
    const { journal } = await perform(world, target);
    expect(journal.problem).toBeUndefined();
    expect(journal.state).toBe('done');
    if (target.run.verb === 'remove') return;
    const after = comparable(structuredClone(world));
    const again = await perform(world, target);
    expect(again.journal.state).toBe('done');
    expect(comparable(world)).toEqual(after);
  });

  it('with any one call to the world failing ends either done or with the world as before', async () => {
    const { calls } = await perform(await begin(), target);
    expect(calls).toBeGreaterThan(10);
    const finished = await begin();
    await perform(finished, target);
    for (const afterwards of [false, true])
      for (let failAt = 1; failAt <= calls; failAt += 1) {
        const world = await begin();
        const before = comparable(structuredClone(world));
        const { journal } = await perform(world, target, failAt, afterwards);
        const outcome = { failAt, afterwards, state: journal.state, world: comparable(world) };
        // Past the point of no return a failure is a warning: what stands empty is swept.
        const failed = journal.records.flatMap(({ name, state }) => (state === 'failed' ? [name] : []));
        if (failed.includes('retire-runtime')) delete world.runtimes[(target.previousRuntime ?? target.runtime).name];
        if (failed.includes('close-way')) world.ways = [];
        if (journal.state === 'done') expect(comparable(world)).toEqual(comparable(finished));
        else expect(outcome).toEqual({ failAt, afterwards, state: 'undone', world: before });
      }
  });

  it('killed at any one call to the world is taken up and ends as if nothing had been', async () => {
    const finished = await begin();
    const { calls } = await perform(finished, target);
    for (const afterwards of [false, true])
      for (let failAt = 1; failAt <= calls; failAt += 1) {
        const world = await begin();
        const { state } = await takenUp(aimed(world, target), { failAt, afterwards });
        const outcome = { failAt, afterwards, state, world: comparable(world) };
        expect(outcome).toEqual({ failAt, afterwards, state: 'done', world: comparable(finished) });
      }
  });
});

describe('a desa on another server than its gabungan', () => {
  it('has a way to it as long as it stands there', async () => {
    const world = await installedFar();
    expect(world.ways).toEqual(['far']);
    await perform(world, far(targetOf('update', R2, R1)));
    expect(world.ways).toEqual(['far']);
    await perform(world, far(targetOf('remove', R2, R2)));
    expect(world.ways).toEqual([]);
  });

  it('leaves the way to who lives there still', async () => {
    const world = await installedFar();
    world.placed.neighbour = R1.version;
    const { journal } = await perform(world, far(targetOf('remove', R1, R1)));
    expect([journal.state, world.ways]).toEqual(['done', ['far']]);
  });

  it('gets its way again with a repair, and keeps it when the repair fails', async () => {
    const world = await installedFar();
    world.ways = [];
    delete world.runtimes[R1.version];
    expect((await perform(world, far(targetOf('repair', R1, R1)))).journal.state).toBe('done');
    expect(world.ways).toEqual(['far']);
    world.ways = [];
    world.migrated = [];
    world.folders = {};
    await perform(world, far(targetOf('update', R2, R1)), 25);
    expect(world.ways).toEqual(['far']);
  });
});

describe('the image of a release', () => {
  const shipOf = ({ journal }: Carried) => journal.records.find(({ name }) => name === 'ship-image')!;

  it('is brought before anything of the desa is touched', async () => {
    const world = await installed();
    const before = comparable(structuredClone(world));
    const target = targetOf('update', R2, R1);
    const bring = (): Promise<void> => Promise.reject(new NotProved('image-damaged', {}));
    const hands = (calls: Calls) => {
      const tools = new FakeTools(world, target, calls).tools();
      return { ...tools, images: { ...tools.images, bring } };
    };
    const { journal } = await carried({ ...aimed(world, target), tools: hands });
    expect([journal.state, journal.problem?.code]).toEqual(['undone', 'image-damaged']);
    const begun = journal.records.filter(({ state }) => state !== 'waiting').map(({ name }) => name);
    expect(begun).toEqual(['check-target', 'ship-image']);
    expect(comparable(world)).toEqual(before);
  });

  it('that is there already is not brought', async () => {
    const world = await installed();
    world.images.push(R2.imageId!);
    expect(shipOf(await perform(world, targetOf('update', R2, R1)))).toMatchObject({ state: 'skipped' });
  });

  it('under its name but of another make is brought anew', async () => {
    const world = await installed();
    world.images.push('id:another make');
    expect(shipOf(await perform(world, targetOf('update', R2, R1)))).toMatchObject({ state: 'done' });
    expect(world.images).toContain(R2.imageId);
  });
});

describe('removal', () => {
  it('leaves no place in any runtime of the gabungan', async () => {
    const world = await besideTheNext();
    await perform(world, targetOf('remove', R1, R1));
    expect(world.runtimes).toEqual({ 'v2699.0.0': ['d1307012009'] });
  });
});

describe('bad wishes', () => {
  const refused = async (target: DesaTarget): Promise<string | undefined> => {
    const world = await installed();
    const before = structuredClone(world);
    const { journal } = await perform(world, target);
    expect(world).toEqual(before);
    expect(journal.state).toBe('undone');
    return journal.problem?.code;
  };

  it('a release below the running one is refused', async () =>
    expect(await refused(targetOf('update', R1, R2))).toBe('release-below-running'));
  it('a release whose minimum is above the running one is refused', async () =>
    expect(await refused(targetOf('update', { ...R2, minimumVersion: '2601.5' }, R1))).toBe('release-below-minimum'));
  it('another edition than the gabungan has is refused', async () =>
    expect(await refused(targetOf('update', { ...R2, edition: 'premium' }, R1))).toBe('edition-differs'));
  it('a release that was not built is refused', async () =>
    expect(await refused(targetOf('update', { ...R2, state: 'added' }, R1))).toBe('release-not-built'));
  it('the desa on whose row the others stand is not removed', async () => {
    const world = emptyWorld();
    await perform(world, targetOf('install', R1));
    const before = structuredClone(world);
    const { journal } = await perform(world, targetOf('remove', R1, R1));
    expect(journal.problem?.code).toBe('desa-protected');
    expect(world).toEqual(before);
  });
});

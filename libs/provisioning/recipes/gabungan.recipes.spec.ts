import { Secret } from '#libs/core/secret.js';
import type { Recipe } from '#libs/runs/recipe.js';
import { release, targetOf } from '#test/factories/target.js';
import { Calls } from '#test/fakes/calls.js';
import { carried, takenUp } from '#test/fakes/carried.js';
import { beforeRehearsal, rehearsalOf, rehearsalTools, type RehearsalWorld } from '#test/fakes/fake-rehearsal.js';
import { emptyWorld, FakeTools, type World } from '#test/fakes/fake-world.js';
import type { Evidence, MigrationTarget } from '../migration-target.js';
import { backup, migrate, rehearse } from './gabungan.recipes.js';

const R1 = release('v2601.0.0', 'd1');
const R2 = release('v2602.0.0', 'd2');
const CODES = ['1307012001', '1307012009'] as const;

/** Two desa on the old release, their routes open. */
function standing(): World {
  const sites = CODES.map((code) => `d${code}`);
  return {
    ...emptyWorld(),
    tables: ['config', 'setting'],
    rows: CODES.map((code, at) => ({ id: at + 1, key: `key-d${code}`, code, complete: true })),
    migrated: ['d1'],
    accounts: CODES.map((code) => `a${code}`),
    folders: Object.fromEntries(sites.map((site) => [site, `key-${site}`])),
    runtimes: { 'v2601.0.0': sites },
    routes: Object.fromEntries(sites.map((site) => [`${site}.test`, 'v2601.0.0'])),
    placed: { i: 'v2601.0.0' },
    images: ['id:v2601.0.0'],
  };
}

/** One recipe over one world, so that the same trouble can be made in each. */
interface Case<Seen> {
  begin: () => Seen;
  aim: (world: Seen) => { recipe: Recipe<never, never>; target: never; tools: (calls: Calls) => never };
  /** What must be the same again after `undone`. */
  kept: (world: Seen) => unknown;
  /** What `done` must have brought, however it came. */
  brought: (world: Seen) => unknown;
}
const asCase = <Seen, Target, Tools>(one: {
  begin: () => Seen;
  aim: (world: Seen) => { recipe: Recipe<Target, Tools>; target: Target; tools: (calls: Calls) => Tools };
  kept: (world: Seen) => unknown;
  brought: (world: Seen) => unknown;
}): Case<unknown> => one as unknown as Case<unknown>;

/** A proved backup stays, and so do a schema that was migrated and an image that was shipped. */
const withoutKept = ({ backups: _backups, migrated: _migrated, images: _images, ...rest }: World): unknown => rest;

const migration = (mode: 'rolling' | 'window'): MigrationTarget => ({
  ...targetOf('migrate', R2, R1),
  mode,
  rolloutId: 'rollout',
  routed: CODES.map((code) => ({
    serverId: 's',
    domain: `d${code}.test`,
    site: `d${code}`,
    runtimes: [{ name: 'v2601.0.0', gateKey: new Secret('gate') }],
    deny: [],
    uploadMiB: 25,
  })),
});
const EVIDENCE: Evidence = { fingerprint: 'x', verdict: 'window', isCodeOnly: false };

const migrating = (mode: 'rolling' | 'window', verdict: Evidence['verdict'] = mode): Case<unknown> =>
  asCase({
    begin: standing,
    aim: (world) => ({
      recipe: migrate,
      target: migration(mode),
      tools: (calls) => ({
        ...new FakeTools(world, migration(mode), calls).tools(),
        evidence: () => calls.act(() => ({ ...EVIDENCE, verdict })),
      }),
    }),
    kept: withoutKept,
    brought: (world) => world,
  });

const rehearsal = rehearsalOf(targetOf('rehearse', R2, R1), targetOf('rehearse', R2, R1, CODES[1]));

const CASES: [string, Case<unknown>][] = [
  [
    'backup',
    asCase({
      begin: standing,
      aim: (world) => ({
        recipe: backup('manual'),
        target: targetOf('backup', R1, R1),
        tools: (calls) => new FakeTools(world, targetOf('backup', R1, R1), calls).tools(),
      }),
      kept: withoutKept,
      brought: (world) => world,
    }),
  ],
  [
    'rehearsal',
    asCase<RehearsalWorld, typeof rehearsal, ReturnType<typeof rehearsalTools>>({
      begin: () => beforeRehearsal(standing()),
      aim: (world) => ({
        recipe: rehearse,
        target: rehearsal,
        tools: (calls) => rehearsalTools(world, rehearsal, calls),
      }),
      // Its notes and its verdict are why it ended; nothing else may differ.
      kept: ({ real, copy }) => ({ real: withoutKept(real), copy }),
      brought: ({ real, copy, report }) => ({ real, copy, report: { ...report, migrationSeconds: 0 } }),
    }),
  ],
  ['migration in a window', migrating('window')],
  ['migration while the old code serves', migrating('rolling')],
];

const everyCall = (calls: number): { failAt: number; afterwards: boolean }[] =>
  [false, true].flatMap((afterwards) => Array.from({ length: calls }, (_, at) => ({ failAt: at + 1, afterwards })));

describe.each(CASES)('%s of a gabungan', (_name, { begin, aim, kept, brought }) => {
  const undisturbed = async () => {
    const world = begin();
    const { journal, calls } = await carried(aim(world));
    expect(journal.problem).toBeUndefined();
    expect(journal.state).toBe('done');
    return { world, calls };
  };

  it('with any one call to the world failing ends either done or with the world as before', async () => {
    const { world: finished, calls } = await undisturbed();
    expect(calls).toBeGreaterThan(5);
    const endings = new Set<string>();
    for (const trouble of everyCall(calls)) {
      const world = begin();
      const { journal } = await carried(aim(world), new Calls(trouble));
      const outcome = { ...trouble, state: journal.state };
      endings.add(journal.state);
      if (journal.state === 'done')
        expect({ ...outcome, world: brought(world) }).toEqual({ ...outcome, world: brought(finished) });
      else expect({ ...outcome, world: kept(world) }).toEqual({ ...trouble, state: 'undone', world: kept(begin()) });
    }
    expect([...endings]).toContain('undone');
  });

  it('killed at any one call to the world is taken up and ends as if nothing had been', async () => {
    const { world: finished, calls } = await undisturbed();
    for (const trouble of everyCall(calls)) {
      const world = begin();
      const { state, problem } = await takenUp(aim(world), trouble);
      const outcome = { ...trouble, state, problem, world: brought(world) };
      expect(outcome).toEqual({ ...trouble, state: 'done', problem: undefined, world: brought(finished) });
    }
  });
});

describe('a migration', () => {
  const refused = async (one: Case<unknown>): Promise<string | undefined> => {
    const world = one.begin();
    const { journal } = await carried(one.aim(world));
    expect({ state: journal.state, world }).toEqual({ state: 'undone', world: one.begin() });
    return journal.problem?.code;
  };
  it('that wants a window is not made without one', async () =>
    expect(await refused(migrating('rolling', 'window'))).toBe('rehearsal-missing'));
  it('of a release that was found unusable is not made at all', async () =>
    expect(await refused(migrating('window', 'unusable'))).toBe('rehearsal-missing'));
});

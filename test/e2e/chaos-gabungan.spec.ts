import type { RolloutWhole } from '#libs/contract/rollouts.js';
import * as names from '#libs/catalog/names.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import { killAtEveryBoundary, killsOf, killThroughPhases, toldOf, type Killed } from '../chaos/killing.js';
import { openTwoWorlds, type TwoWorlds } from '../chaos/two-worlds.js';
import { bothSeen, sql, type Place } from '../chaos/world-seen.js';
import { followRollout } from '../demo/rollouts.js';
import { worldOf } from './worlds.js';

const [OLD, NEW] = ['v2601.0.0', 'v2603.0.0'];
/** `npm run test:chaos` meets each boundary twice: before its write, and after. */
const IS_TWICE = process.env.CHAOS_POINTS !== undefined;
const PHASES = ['rehearse', 'backup', 'migrate'] as const;
const docker = connectEngine('unix:/var/run/docker.sock');
const kills: Killed[] = [];
let worlds: TwoWorlds;

const same = async (): Promise<void> => {
  const { plane, calm, killed } = worlds;
  const [disturbed, quiet] = await bothSeen(plane.db, killed, calm);
  expect(disturbed).toEqual(quiet);
};

/** Planned and approved, not yet started. */
async function approved({ gabungan }: Place): Promise<string> {
  const { client } = worlds.plane;
  const wish = { gabungan, version: NEW, settings: { waves: [{ count: 1 }, { percent: 100 }] } };
  const { id, planHash } = await client.post<RolloutWhole>('/rollouts', wish);
  await client.post(`/rollouts/${id}/approve`, { hash: planHash });
  return id;
}
const begin = (id: string) => (): Promise<unknown> => worlds.plane.client.post(`/rollouts/${id}/start`);

/** A backup of what stands, then the damage that it is for. */
async function backUpAndDamage({ gabungan }: Place): Promise<string> {
  const { client } = worlds.plane;
  await client.finish(`/gabungan/${gabungan}/backup`, {});
  const { items } = await client.get<{ items: { id: string }[] }>(`/gabungan/${gabungan}/backups`);
  const database = names.gabunganDatabase(gabungan);
  await sql(
    docker,
    { gabungan },
    `DELETE FROM ${database}.widget; ALTER TABLE ${database}.artikel ADD COLUMN rusak INT`,
  );
  return items[0]!.id;
}

beforeAll(async () => {
  worlds = await openTwoWorlds(worldOf('gladi'));
  const { plane, calm, killed } = worlds;
  for (const version of [OLD, NEW]) await worlds.release(version);
  const install = async ({ gabungan, codes }: Place): Promise<void> => {
    for (const code of codes) await plane.client.finish(`/desa/${code}/install`, { version: OLD, gabungan });
  };
  await Promise.all([calm, killed].map(install));
}, 600_000);

afterAll(() => worlds?.close(), 120_000);

/** The order matters: each test stands on the world the one before left. */
describe('a worker killed at every boundary of the runs of a gabungan', () => {
  it('rehearses, backs up and migrates to the same world as one that was left alone, and the waves follow', async () => {
    const { plane, gate, calm, killed } = worlds;
    const undisturbed = await approved(calm);
    await begin(undisturbed)();
    const quiet = await followRollout(plane.client, undisturbed);
    expect(quiet).toMatchObject({ state: 'finished', rehearsal: { verdict: 'window' } });
    const rolloutId = await approved(killed);
    kills.push(
      ...(await killThroughPhases(plane, gate, {
        rolloutId,
        verbs: PHASES,
        begin: begin(rolloutId),
        isTwice: IS_TWICE,
      })),
    );
    for (const { run } of kills) expect(run).toMatchObject({ state: 'done', problem: null });
    const disturbed = await followRollout(plane.client, rolloutId);
    expect(disturbed).toMatchObject({ state: 'finished', problem: null });
    expect(disturbed.runs.map(({ verb, state }) => `${verb} ${state}`).sort()).toEqual(
      PHASES.map((verb) => `${verb} done`).sort(),
    );
    expect(reportOf(disturbed)).toEqual(reportOf(quiet));
    await same();
  }, 2_400_000);

  it('restores to the same world as one that was left alone', async () => {
    const { plane, gate, calm, killed } = worlds;
    const [calmBackup, killedBackup] = [await backUpAndDamage(calm), await backUpAndDamage(killed)];
    await same();
    const wish = (backup: string): object => ({ backup, confirm: '13.07' });
    await plane.client.finish(`/gabungan/${calm.gabungan}/restore`, wish(calmBackup));
    kills.push(
      await killAtEveryBoundary(plane, gate, {
        path: `/gabungan/${killed.gabungan}/restore`,
        body: wish(killedBackup),
        isTwice: IS_TWICE,
      }),
    );
    expect(kills.at(-1)!.run).toMatchObject({ state: 'done', problem: null });
    await same();
    console.log(toldOf(kills));
    expect(killsOf(kills)).toBeGreaterThanOrEqual(IS_TWICE ? 70 : 35);
  }, 1_800_000);
});

/** What the rehearsal found, without its seconds. */
const reportOf = ({ rehearsal }: RolloutWhole): object => {
  const { verdict, isCodeOnly, schemaChanges, rowsLost, swallowedErrors, pages } = rehearsal!;
  return { verdict, isCodeOnly, schemaChanges, rowsLost, swallowedErrors, pages };
};

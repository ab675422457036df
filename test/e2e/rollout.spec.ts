import { startControlPlane } from '../demo/control-plane.js';
import { addRelease, codesOf, failedOf, installFleet, roll, versionsOf, type Fleet } from '../demo/fleet.js';
import { clearWorld } from '../demo/world.js';
import { worldOf } from './worlds.js';

const { folder: FOLDER, server: SERVER, gabungan: GABUNGAN, port: PORT, sitePort: SITE_PORT } = worldOf('luncur');
const DESA = 6;
const SETTINGS = { waves: [{ count: 1 }, { percent: 50 }, { percent: 100 }], perServer: 4 };
let fleet: Fleet;

const all = (version: string): string[] => Array.from({ length: DESA }, () => version);
const stop = (id: string): Promise<unknown> => fleet.plane.client.post(`/rollouts/${id}/stop`);

beforeAll(async () => {
  await clearWorld(FOLDER, SERVER, GABUNGAN);
  const plane = await startControlPlane(FOLDER, PORT, { DATABASE_URL: '', REDIS_URL: '' });
  const codes = await codesOf(plane.client, DESA);
  fleet = { plane, folder: FOLDER, server: SERVER, gabungan: GABUNGAN, sitePort: SITE_PORT, codes };
  await installFleet(fleet, 'v2601.0.0', () => {});
}, 600_000);

afterAll(async () => {
  await fleet?.plane.stop();
  await clearWorld(FOLDER, SERVER, GABUNGAN);
}, 120_000);

/** The order matters: each test stands on the world the one before left. */
describe('a month of a kabupaten', () => {
  it('stops at the rehearsal when the migration fails half-way, before anything real was touched', async () => {
    await addRelease(fleet, 'v2602.2.0');
    const { rollout, probed } = await roll(fleet, 'v2602.2.0', SETTINGS);
    expect(rollout).toMatchObject({ state: 'paused', phase: 'rehearse' });
    expect(rollout.problem?.detail).toBeTruthy();
    expect(rollout.desa.map(({ state }) => state)).toEqual(DESA_WAITING);
    expect(await versionsOf(fleet)).toEqual(all('2601.0.0'));
    expect(failedOf(probed)).toBe(0);
    await stop(rollout.id);
  }, 300_000);

  it('rolls a release that changes the schema in three waves, and no request fails', async () => {
    await addRelease(fleet, 'v2602.0.0');
    const { rollout, probed } = await roll(fleet, 'v2602.0.0', SETTINGS);
    expect(rollout).toMatchObject({ state: 'finished', problem: null, rehearsal: { verdict: 'rolling' } });
    expect(rollout.waves.map(({ state, counts }) => [state, counts.done])).toEqual([
      ['passed', 1],
      ['passed', 3],
      ['passed', 2],
    ]);
    expect(rollout.runs.map(({ verb, state }) => [verb, state]).sort()).toEqual([
      ['backup', 'done'],
      ['migrate', 'done'],
      ['rehearse', 'done'],
    ]);
    expect(await versionsOf(fleet)).toEqual(all('2602.0.0'));
    expect(failedOf(probed)).toBe(0);
  }, 420_000);

  it('stops at the canary when the new release does not answer, and touches nobody else', async () => {
    await addRelease(fleet, 'v2602.1.0');
    const { rollout, probed } = await roll(fleet, 'v2602.1.0', SETTINGS);
    expect(rollout).toMatchObject({ state: 'paused', phase: 'waves' });
    expect(rollout.waves.map(({ state }) => state)).toEqual(['failed', 'waiting', 'waiting']);
    expect(rollout.failures).toHaveLength(1);
    expect(rollout.failures[0]!.desa).toHaveLength(1);
    expect(await versionsOf(fleet)).toEqual(all('2602.0.0'));
    expect(failedOf(probed)).toBe(0);
    await stop(rollout.id);
  }, 300_000);

  it('moves only routes when the release has no new migration', async () => {
    await addRelease(fleet, 'v2602.0.1');
    const { rollout, probed } = await roll(fleet, 'v2602.0.1', SETTINGS);
    expect(rollout).toMatchObject({ state: 'finished', problem: null });
    expect(rollout.runs.map(({ verb }) => verb)).not.toContain('migrate');
    expect(await versionsOf(fleet)).toEqual(all('2602.0.1'));
    expect(failedOf(probed)).toBe(0);
  }, 300_000);
});

const DESA_WAITING = all('waiting');

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import type { RolloutPlanned, RolloutWhole } from '#libs/contract/rollouts.js';
import { startPostgres, type EmbeddedPostgres } from '#libs/database/embedded.js';
import { emptyPostgresQueue, keepEmptying } from '../chaos/empty-queue.js';
import { startControlPlane } from '../demo/control-plane.js';
import { addRelease, codesOf, failedOf, installFleet, roll, versionsOf, type Fleet } from '../demo/fleet.js';
import { clearWorld } from '../demo/world.js';
import { worldOf } from './worlds.js';

const { folder: FOLDER, server: SERVER, gabungan: GABUNGAN, port: PORT, sitePort: SITE_PORT } = worldOf('luncur');
const DESA = 6;
const SETTINGS = { waves: [{ count: 1 }, { percent: 50 }, { percent: 100 }], perServer: 4 };
let postgres: EmbeddedPostgres;
let db: DataSource;
let fleet: Fleet;

const all = (version: string): string[] => Array.from({ length: DESA }, () => version);
const stop = (id: string): Promise<unknown> => fleet.plane.client.post(`/rollouts/${id}/stop`);

beforeAll(async () => {
  await clearWorld(FOLDER, SERVER, GABUNGAN);
  mkdirSync(FOLDER, { recursive: true });
  postgres = await startPostgres({ folder: join(FOLDER, 'postgres') });
  db = await new DataSource({ type: 'postgres', url: postgres.url }).initialize();
  const plane = await startControlPlane(FOLDER, PORT, { DATABASE_URL: postgres.url, REDIS_URL: '' });
  const codes = await codesOf(plane.client, DESA);
  fleet = { plane, folder: FOLDER, server: SERVER, gabungan: GABUNGAN, sitePort: SITE_PORT, codes };
  await installFleet(fleet, 'v2601.0.0', () => {});
}, 600_000);

afterAll(async () => {
  await fleet?.plane.stop();
  await db?.destroy();
  await postgres?.stop();
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

  it('moves only routes when the release has no new migration, and loses nothing while its queue is emptied again and again', async () => {
    await addRelease(fleet, 'v2602.0.1');
    const emptying = keepEmptying(() => emptyPostgresQueue(db));
    const { rollout, probed } = await roll(fleet, 'v2602.0.1', SETTINGS);
    expect(await emptying.stop()).toBeGreaterThan(20);
    expect(rollout).toMatchObject({ state: 'finished', problem: null });
    expect(rollout.runs.map(({ verb }) => verb)).not.toContain('migrate');
    expect(await versionsOf(fleet)).toEqual(all('2602.0.1'));
    expect(failedOf(probed)).toBe(0);
  }, 300_000);

  it('goes back to the older code where a rehearsal saw that it answers on the schema that stands', async () => {
    const { rollout, probed } = await roll(fleet, 'v2602.0.0', SETTINGS);
    expect(rollout).toMatchObject({ state: 'finished', problem: null, plan: { problems: [] } });
    expect(rollout.runs.map(({ verb }) => verb)).toEqual(['rehearse']);
    expect(await versionsOf(fleet)).toEqual(all('2602.0.0'));
    expect(failedOf(probed)).toBe(0);
  }, 300_000);

  it('does not go back to code that nobody saw on this schema, and says between which releases', async () => {
    const { client } = fleet.plane;
    const wish = { gabungan: GABUNGAN, version: 'v2601.0.0' };
    const below = { code: 'release-below-running', data: { running: 'v2602.0.1', wanted: 'v2601.0.0' } };
    expect(await client.post<RolloutPlanned>('/rollouts/plan', wish)).toMatchObject({ problems: [below] });
    const { id, planHash, state } = await client.post<RolloutWhole>('/rollouts', wish);
    expect(state).toBe('draft');
    const approval = client.post(`/rollouts/${id}/approve`, { hash: planHash });
    await expect(approval).rejects.toMatchObject({ status: 409, body: expect.stringContaining(below.code) });
    expect(await versionsOf(fleet)).toEqual(all('2602.0.0'));
  }, 60_000);
});

const DESA_WAITING = all('waiting');

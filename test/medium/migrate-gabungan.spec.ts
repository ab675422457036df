import { leadsTo, type Route } from '#libs/gateway/gateway-port.js';
import { leftOf, openWholeWorld, type WholeWorld } from './whole-world.js';

let world: WholeWorld;
beforeAll(async () => {
  world = await openWholeWorld();
}, 600_000);
afterAll(() => world?.close(), 120_000);

const routes = async (): Promise<Record<string, Route['to']>> => {
  const [{ id }] = (await world.db.query('SELECT id FROM server')) as [{ id: string }];
  const { gateway } = await world.workshop.server(id);
  return Object.fromEntries((await gateway.routes()).map(({ domain, to }) => [domain, to]));
};
const runtimes = async (): Promise<string[]> => Object.values(await routes()).map(leadsTo);
const backups = (): Promise<{ version: string; kind: string }[]> =>
  world.db.query('SELECT version, kind FROM gabungan_backup WHERE verified_at IS NOT NULL ORDER BY created_at');
const stepsOf = (run: { steps: { name: string; state: string }[] }): Record<string, string> =>
  Object.fromEntries(run.steps.map(({ name, state }) => [name, state]));

/** The order matters: each test stands on the world the one before left. */
describe('a gabungan taken to a release once', () => {
  it('is backed up when it is asked, and the backup is proved', async () => {
    const run = await world.towards('backup', 'v2602.0.0');
    expect(run).toMatchObject({ state: 'done', problem: null });
    expect(await backups()).toEqual([{ version: 'v2602.0.0', kind: 'manual' }]);
    expect(await leftOf(world)).toEqual([]);
  }, 300_000);

  it('does not migrate what was never rehearsed', async () => {
    const run = await world.towards('migrate', 'v2602.4.0');
    expect(run).toMatchObject({ state: 'undone', problem: { code: 'rehearsal-missing' } });
    expect(await world.gabungan.tables()).not.toContain('buku_tamu');
  }, 120_000);

  it('migrates to exactly the schema of the rehearsal while the old code serves, and the desa find nothing left but their own row', async () => {
    expect(await world.towards('rehearse', 'v2602.4.0')).toMatchObject({ state: 'done', problem: null });
    const run = await world.towards('migrate', 'v2602.4.0');
    expect(run).toMatchObject({ state: 'done', problem: null });
    // The backup of a moment ago serves.
    expect(stepsOf(run)).toMatchObject({
      'backup-gabungan': 'skipped',
      'close-routes': 'skipped',
      'migrate-desa': 'done',
    });
    expect(new Set(await runtimes())).toEqual(new Set([`sp-opensid-v2602-0-0-${world.name}`]));
    const [canary, other] = world.desa as [WholeWorld['desa'][0], WholeWorld['desa'][0]];
    const first = await world.run('update', { kind: 'desa', id: canary.id }, { version: 'v2602.4.0' });
    expect(stepsOf(first)).toMatchObject({
      'backup-gabungan': 'skipped',
      'migrate-desa': 'skipped',
      'switch-route': 'done',
    });
    const second = await world.run('update', { kind: 'desa', id: other.id }, { version: 'v2602.4.0' });
    expect(stepsOf(second)).toMatchObject({
      'backup-gabungan': 'skipped',
      'migrate-desa': 'done',
      'switch-route': 'done',
    });
    expect(await backups()).toHaveLength(1);
    const again = await world.towards('migrate', 'v2602.4.0');
    expect(stepsOf(again)).toMatchObject({ 'migrate-desa': 'skipped', 'compare-schema': 'done' });
  }, 600_000);

  it('a release that breaks the old code is refused without a window; in one, every site shows the maintenance page until its update', async () => {
    expect(await world.towards('rehearse', 'v2603.0.0')).toMatchObject({ state: 'done', problem: null });
    expect(await world.towards('migrate', 'v2603.0.0')).toMatchObject({ problem: { code: 'rehearsal-missing' } });
    const run = await world.towards('migrate', 'v2603.0.0', { mode: 'window' });
    expect(run).toMatchObject({ state: 'done', problem: null });
    // Another version stands now: a backup of its own was made.
    expect(stepsOf(run)).toMatchObject({ 'backup-gabungan': 'done', 'close-routes': 'done' });
    expect((await backups()).at(-1)).toEqual({ version: 'v2602.4.0', kind: 'rollout' });
    expect(await runtimes()).toEqual(['maintenance', 'maintenance']);
    const update = await world.run('update', { kind: 'desa', id: world.desa[0]!.id }, { version: 'v2603.0.0' });
    expect(update).toMatchObject({ state: 'done', problem: null });
    expect((await runtimes()).sort()).toEqual(['maintenance', `sp-opensid-v2603-0-0-${world.name}`]);
  }, 600_000);

  it('a window whose migration fails opens every site again on the release it had', async () => {
    await world.run('update', { kind: 'desa', id: world.desa[1]!.id }, { version: 'v2603.0.0' });
    await world.release('v2603.1.0');
    const [{ id }] = (await world.db.query("SELECT id FROM release WHERE version = 'v2603.1.0'")) as [{ id: string }];
    const run = await world.towards('rehearse', 'v2603.1.0');
    // The verdict is forced: what is looked at is the way back of a migration that proves nothing.
    await world.db.query(`UPDATE rehearsal SET report = report || '{"verdict": "window"}' WHERE run_id = $1`, [run.id]);
    const before = await routes();
    const failed = await world.towards('migrate', 'v2603.1.0', { mode: 'window', releaseId: id });
    expect(failed).toMatchObject({ state: 'undone', problem: { code: 'migration-not-proved' } });
    expect(await routes()).toEqual(before);
    expect(await leftOf(world)).toEqual([]);
  }, 600_000);
});

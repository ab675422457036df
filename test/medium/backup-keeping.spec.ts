import { prune, setKeeping, supersededOf } from '#libs/backups/keeping.js';
import { wholeBackupFor, wholeBackupsOf } from '#libs/backups/gabungan-backups.service.js';
import { newId } from '#libs/core/ids.js';
import { ALL, begin, furnish, openRolloutWorld, OLD, type Fleet, type RolloutWorld } from './rollout-world.js';

let world: RolloutWorld;
let fleet: Fleet;
beforeAll(async () => {
  world = await openRolloutWorld();
}, 120_000);
afterAll(() => world?.close());
beforeEach(async () => {
  fleet = await furnish(world.db, 1);
});

/** So many proved backups, one a day, the newest today; answers their ids, the newest first. */
async function backups(count: number, runId: string | null = null): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId());
  for (const [days, id] of ids.entries())
    await world.db.query(
      `INSERT INTO gabungan_backup (id, kabupaten_id, gabungan_id, run_id, kind, folder, bytes, sha256, row_counts, fingerprint,
         version, verified_at, created_at)
       VALUES ($1, $2, $3, $4, 'manual', $5, 1, '{}', '{}', '{}', $6, now(), now() - make_interval(days => $7))`,
      [id, fleet.kabupatenId, fleet.gabunganId, runId, `/backups/${id}`, OLD, days],
    );
  return ids;
}
const superseded = async (): Promise<string[]> =>
  (await supersededOf(world.db, fleet.gabunganId)).map(({ id }) => id).reverse();
const listed = async () => (await wholeBackupsOf(world.db, ALL, fleet.gabunganId)).map(({ id, keep }) => [id, keep]);

describe('how many backups a gabungan keeps', () => {
  it('is seven unless somebody says otherwise, and the list tells which one goes next', async () => {
    const ids = await backups(9);
    expect(await superseded()).toEqual(ids.slice(7));
    const gabungan = { id: fleet.gabunganId, name: fleet.gabungan, kabupatenId: fleet.kabupatenId };
    await setKeeping(world.db, 'ani', gabungan, 2);
    expect(await superseded()).toEqual(ids.slice(2));
    expect(await listed()).toEqual(ids.map((id, at) => [id, at < 2 ? 'newest' : null]));
    const [row] = await world.db.query(
      `SELECT actor, after FROM audit WHERE action = 'gabungan.change' AND subject = $1`,
      [fleet.gabungan],
    );
    expect(row).toEqual({ actor: 'ani', after: { keepBackups: 2 } });
  });

  it.each(['running', 'paused'])('never drops what a %s rollout stands on', async (state) => {
    await world.db.query('UPDATE gabungan SET keep_backups = 1 WHERE id = $1', [fleet.gabunganId]);
    const rolloutId = await begin(world, fleet);
    const [ofRollout, migration] = [newId(), newId()];
    const run = (id: string, verb: string, daysAgo: number) =>
      world.db.query(
        `INSERT INTO run (id, kabupaten_id, verb, subject_kind, subject_id, subject_label, state, asked_by, rollout_id, ended_at)
         VALUES ($1, $2, $3, 'gabungan', $4, 'g', 'done', 'rollout', $5, now() - make_interval(days => $6))`,
        [id, fleet.kabupatenId, verb, fleet.gabunganId, rolloutId, daysAgo],
      );
    await run(ofRollout, 'backup', 5);
    await run(migration, 'migrate', 2);
    await world.db.query('UPDATE rollout SET state = $2 WHERE id = $1', [rolloutId, state]);
    const [today, yesterday, stoodOn, older, made] = await backups(5);
    await world.db.query(`UPDATE gabungan_backup SET created_at = created_at - interval '1 hour' WHERE id = $1`, [
      stoodOn,
    ]);
    await world.db.query('UPDATE gabungan_backup SET run_id = $2 WHERE id = $1', [made, ofRollout]);
    expect(await listed()).toEqual([
      [today, 'newest'],
      [yesterday, null],
      [stoodOn, 'rollout'],
      [older, null],
      [made, 'rollout'],
    ]);
    await world.db.query(`UPDATE rollout SET state = 'finished' WHERE id = $1`, [rolloutId]);
    expect(await superseded()).toEqual([yesterday, stoodOn, older, made]);
  });

  it('goes on where it was cut off, and nobody restores from one that is being removed', async () => {
    await world.db.query('UPDATE gabungan SET keep_backups = 1 WHERE id = $1', [fleet.gabunganId]);
    const [newest, old] = await backups(2);
    const [going] = await supersededOf(world.db, fleet.gabunganId);
    const removed: string[] = [];
    const cut = prune(world.db, going!, () => Promise.reject(new Error('cut off')));
    await expect(cut).rejects.toThrow('cut off');
    expect(await listed()).toEqual([[newest, 'newest']]);
    const wanted = { gabunganId: fleet.gabunganId, runId: newId(), version: OLD, since: new Date(0) };
    expect((await wholeBackupFor(world.db, wanted))?.id).toBe(newest);
    expect(await superseded()).toEqual([old]);
    for (const one of await supersededOf(world.db, fleet.gabunganId))
      await prune(world.db, one, async (folder) => void removed.push(folder));
    expect(removed).toEqual([`/backups/${old}`]);
    expect(await superseded()).toEqual([]);
    const rows = await world.db.query(
      `SELECT count(*)::int AS count FROM audit WHERE action = 'gabungan.prune-backup'`,
    );
    expect(rows).toEqual([{ count: 1 }]);
  });
});

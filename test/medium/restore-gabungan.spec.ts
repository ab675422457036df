import { readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FILES } from '#libs/backups/backup-folder.js';
import * as names from '#libs/catalog/names.js';
import { keptDatabasesOf } from '#libs/gabungan/kept.query.js';
import { openWholeWorld, type WholeWorld } from './whole-world.js';

let world: WholeWorld;
let backup: { id: string; folder: string };
beforeAll(async () => {
  world = await openWholeWorld();
  const run = await world.towards('backup', 'v2602.0.0');
  if (run.state !== 'done') throw new Error(JSON.stringify(run.problem));
  [backup] = await world.db.query('SELECT id, folder FROM gabungan_backup');
}, 600_000);
afterAll(() => world?.close(), 120_000);

const restore = (id = backup.id) =>
  world.run('restore', { kind: 'gabungan', id: world.gabunganId }, { backup: id, confirm: '1307' });
const schemas = async (): Promise<string[]> => {
  const { stdout } = await world.docker.exec(names.gabunganContainer(world.name), [
    'mariadb',
    '--user=mysql',
    '--batch',
    '--skip-column-names',
    '--execute=SHOW DATABASES',
  ]);
  return stdout.split('\n').filter((name) => name.startsWith('gab_'));
};
const pages = async (): Promise<number[]> => {
  const [{ id }] = (await world.db.query('SELECT id FROM server')) as [{ id: string }];
  const { gateway } = await world.workshop.server(id);
  const routes = await gateway.routes();
  return Promise.all(
    routes.map(async ({ to, site, domain }) =>
      typeof to !== 'object' || !('runtime' in to)
        ? 503
        : (await gateway.get({ ...to, site, domain, path: '/', timeoutSeconds: 30 })).status,
    ),
  );
};
const state = async (): Promise<unknown> => ({
  fingerprint: await world.gabungan.fingerprint(),
  widget: await world.gabungan.count('SELECT COUNT(*) FROM widget'),
  view: await world.gabungan.count('SELECT COUNT(*) FROM penduduk_hidup'),
});

describe('a gabungan put back from its backup', () => {
  it('a damaged backup changes nothing and closes no site', async () => {
    const path = join(backup.folder, FILES.rows);
    const whole = await readFile(path);
    const [before, standing] = [await state(), await schemas()];
    await writeFile(path, whole.subarray(0, -1));
    expect(await restore()).toMatchObject({ state: 'undone', problem: { code: 'backup-damaged' } });
    await writeFile(path, whole);
    expect(await state()).toEqual(before);
    expect(await schemas()).toEqual(standing);
    expect(await pages()).toEqual([200, 200]);
  }, 180_000);

  it('an unknown backup is refused', async () =>
    expect(await restore('00000000-0000-0000-0000-000000000000')).toMatchObject({
      state: 'undone',
      problem: { code: 'gabungan-backup-unknown' },
    }));

  it('comes back whole, and what was damaged is kept beside it', async () => {
    const before = await state();
    await world.gabungan.query('DELETE FROM widget');
    await world.gabungan.query('ALTER TABLE artikel ADD COLUMN rusak INT');
    const run = await restore();
    expect(run).toMatchObject({ state: 'done', problem: null });
    expect(await state()).toEqual(before);
    expect(await pages()).toEqual([200, 200]);
    const kept = (await schemas()).find((name) => name.includes('_lama_'));
    expect(await schemas()).toEqual([names.gabunganDatabase(world.name), kept]);
    expect(await world.gabungan.count(`SELECT COUNT(*) FROM ${kept}.widget`)).toBe(0);
    expect(await world.gabungan.count(`SELECT COUNT(*) FROM ${kept}.penduduk_hidup`)).toBe(0);
    expect(await world.gabungan.foreignDefiners()).toEqual([]);
  }, 300_000);

  it('what was kept stays until a person lets it go, and then it alone is gone', async () => {
    const gabungan = { id: world.gabunganId, name: world.name };
    const [kept] = await keptDatabasesOf(world.db, { kabupatenIds: 'all' }, gabungan);
    expect(await schemas()).toEqual([names.gabunganDatabase(world.name), kept!.database]);
    const before = await state();
    const subject = { kind: 'gabungan' as const, id: world.gabunganId };
    const other = await world.run('let-go', subject, { kept: '00000000-0000-0000-0000-000000000000' });
    expect(other).toMatchObject({ state: 'undone', problem: { code: 'kept-unknown' } });
    expect(await world.run('let-go', subject, { kept: kept!.id })).toMatchObject({ state: 'done', problem: null });
    expect(await schemas()).toEqual([names.gabunganDatabase(world.name)]);
    expect(await state()).toEqual(before);
    expect(await keptDatabasesOf(world.db, { kabupatenIds: 'all' }, gabungan)).toEqual([]);
  }, 120_000);

  it('the next backup lets go of what is too many, its files too', async () => {
    await world.db.query('UPDATE gabungan SET keep_backups = 1');
    expect((await world.towards('backup', 'v2602.0.0')).state).toBe('done');
    const left = (await world.db.query('SELECT id, folder FROM gabungan_backup')) as { id: string; folder: string }[];
    expect(left.map(({ id }) => id)).not.toContain(backup.id);
    expect(left).toHaveLength(1);
    expect([existsSync(backup.folder), existsSync(left[0]!.folder)]).toEqual([false, true]);
  }, 300_000);
});

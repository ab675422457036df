import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { record } from '#libs/audit/audit.service.js';
import { seedWilayah } from '#libs/catalog/wilayah.seed.js';
import { WilayahQuery } from '#libs/catalog/wilayah.query.js';
import { openDatabase, withAdvisoryLock } from '#libs/database/database.js';
import { startPostgres, type EmbeddedPostgres } from '#libs/database/embedded.js';

let folder: string;
let postgres: EmbeddedPostgres;
let db: DataSource;
let wilayah: WilayahQuery;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalog-'));
  await chmod(folder, 0o711);
  postgres = await startPostgres({ folder });
  // Api and worker of a first start come at the same moment.
  const [first, second] = await Promise.all([openDatabase(postgres.url), openDatabase(postgres.url)]);
  await Promise.all([seedWilayah(first!), seedWilayah(second!)]);
  await second!.destroy();
  db = first!;
  wilayah = new WilayahQuery(db);
}, 120_000);
afterAll(async () => {
  await db?.destroy();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

const codes = async (text: string, level?: 'desa' | 'kabupaten'): Promise<string[]> =>
  (await wilayah.search(text, level)).map(({ code }) => code);

describe('the database', () => {
  it('is migrated once although two processes start together', async () => {
    const rows = await db.query('SELECT name FROM schema_migration');
    expect(new Set(rows.map((row: { name: string }) => row.name)).size).toBe(rows.length);
  });

  it('lets one holder of a lock work at a time', async () => {
    let inside = 0;
    const seen: number[] = [];
    const work = async (): Promise<void> => {
      inside += 1;
      seen.push(inside);
      await db.query('SELECT pg_sleep(0.05)');
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(() => withAdvisoryLock(db, 'test', work)));
    expect(seen).toEqual([1, 1, 1]);
  });

  it('never changes or deletes an audit row', async () => {
    await record(db.manager, { actor: 'test', action: 'test.add', subject: 'x' });
    await expect(db.query('UPDATE audit SET actor = $1', ['else'])).rejects.toThrow('never changed');
    await expect(db.query('DELETE FROM audit')).rejects.toThrow('never changed');
  });
});

describe('the register of regions', () => {
  it('holds every province, kabupaten, kecamatan and desa, named as in the register', async () => {
    const rows = await db.query('SELECT level, count(*)::int AS count FROM wilayah GROUP BY 1');
    expect(Object.fromEntries(rows.map((row: { level: string; count: number }) => [row.level, row.count]))).toEqual({
      provinsi: 38,
      kabupaten: 514,
      kecamatan: 7277,
      desa: 83763,
    });
    expect(await wilayah.find('1307')).toEqual({
      code: '1307',
      name: 'KABUPATEN LIMA PULUH KOTA',
      level: 'kabupaten',
      path: 'SUMATERA BARAT',
    });
  });

  it('is searched by code, with or without dots, from its beginning', async () => {
    expect(await codes('13.07.01.2003')).toEqual(['1307012003']);
    expect(await codes('1307012003')).toEqual(['1307012003']);
    expect((await codes('13.07'))[0]).toBe('1307');
    expect((await codes('1307', 'desa')).every((code) => code.length === 10 && code.startsWith('1307'))).toBe(true);
  });

  it('is searched by name, with the path that tells namesakes apart', async () => {
    const found = await wilayah.search('kurai', 'desa');
    expect(found.find(({ code }) => code === '1307012001')).toEqual({
      code: '1307012001',
      name: 'Kurai',
      level: 'desa',
      path: 'Suliki, KABUPATEN LIMA PULUH KOTA, SUMATERA BARAT',
    });
  });

  it.each([
    ['tanjuang bngo', '1307012003'],
    ['sungai rimbng', '1307012002'],
    ['lima puluh kta', '1307'],
    ['limbanangg', '1307012005'],
  ])('finds %s in spite of the mistake', async (text, code) => expect(await codes(text)).toContain(code));

  it.each(['', '   ', '%', "'; DROP TABLE wilayah; --", '_', '\\', '"', '9999999999', 'x'.repeat(100)])(
    'answers an empty or hostile text (%s) without failing',
    async (text) => expect(Array.isArray(await wilayah.search(text))).toBe(true),
  );

  it('is looked up through indexes, never by reading all of it', async () => {
    const explain = async (where: string): Promise<string> =>
      JSON.stringify(await db.query(`EXPLAIN SELECT * FROM wilayah WHERE ${where}`));
    expect(await explain(`code LIKE '1307' || '%'`)).not.toContain('Seq Scan');
    expect(await explain(`search LIKE 'kurai' || '%'`)).not.toContain('Seq Scan');
    expect(await explain(`search % 'tanjuang bngo' OR 'tanjuang bngo' <% search`)).not.toContain('Seq Scan');
  });
});

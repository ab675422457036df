import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { makeBackup, restoreFolder, restoreRows, verifyBackup, type DesaState } from '#libs/backups/desa-backup.js';
import { FILES, type BackupStore } from '#libs/backups/backup-folder.js';
import { firstFileOf, tarOf } from '#libs/servers/files.js';
import { openGabunganWorld, SCHEMA, type GabunganWorld } from './gabungan-world.js';

let world: GabunganWorld;
let root: string;
let store: BackupStore;
const TABLES = ['config', 'keluarga', 'penduduk', 'penduduk_map', 'agama'];
const rows = {
  table: 'config',
  column: 'config_id',
  children: { penduduk_map: 'id IN (SELECT id FROM penduduk WHERE config_id = :configId)', tidak_ada: 'TRUE' },
};
const NAMES = ['Nagari D\'Koto "Baru" $1 :nama ?\\', 'dua\nbaris\tdan\r\0nol', 'Ātmā 🌾 ; -- INSERT'];
// utf8mb3 holds no character beyond three bytes.
const written = NAMES.map((name) => name.replace('🌾', '☘'));

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'siappakai-backups-'));
  store = { root: join(root, 'backups'), ring: new Map([['k1', Buffer.alloc(32, 7)]]), minimumFreeBytes: 0 };
  world = await openGabunganWorld();
  await world.gabungan.query(SCHEMA);
}, 240_000);
afterAll(async () => {
  await world?.close();
  await rm(root, { recursive: true, force: true });
});

beforeEach(async () => {
  const { gabungan } = world;
  await gabungan.query(
    `SET FOREIGN_KEY_CHECKS = 0; ${TABLES.map((table) => `DELETE FROM ${table};`).join(' ')} SET FOREIGN_KEY_CHECKS = 1`,
  );
  await gabungan.query("INSERT INTO agama VALUES (1, 'Islam')");
  for (const id of [1, 2, 3]) await settle(id);
}, 60_000);

async function settle(id: number): Promise<void> {
  const { gabungan } = world;
  await gabungan.query('INSERT INTO config VALUES (:id, :key, :name, :code)', {
    id,
    key: `base64:${id}`,
    name: written[id - 1]!,
    code: `130701200${id}`,
  });
  await gabungan.query('INSERT INTO keluarga (id, config_id, no_kk) VALUES (:id, :id, :kk)', { id, kk: `KK${id}` });
  for (const [index, name] of written.entries())
    await gabungan.query(
      `INSERT INTO penduduk (id, config_id, nama, nik, id_kk, berat, lahir, foto, aktif)
       VALUES (:person, :id, :name, :person, :id, 3.1415926535, '1980-01-31', UNHEX('00FF27225C0A'), b'1')`,
      { person: id * 10 + index, id, name },
    );
  await gabungan.query('UPDATE keluarga SET nik_kepala = :person WHERE id = :id', { person: id * 10, id });
  await gabungan.query("INSERT INTO penduduk_map VALUES (:person, '-0.3')", { person: id * 10 });
}

const everything = async (): Promise<unknown> => {
  const found: Record<string, unknown> = {};
  for (const table of TABLES) found[table] = await world.gabungan.query(`SELECT * FROM ${table} ORDER BY id`);
  return found;
};
const schemas = async (): Promise<unknown> =>
  world
    .as(world.address.admin.user, world.address.admin.password)
    .query('SELECT SCHEMA_NAME FROM information_schema.SCHEMATA');

const state = (more: Partial<DesaState> = {}): DesaState => ({
  app: 'contoh',
  desaCode: '1307012002',
  version: 'v1.0.0',
  rows: { of: rows, ownId: 2 },
  exportFolder: async () =>
    Readable.from(
      await tarOf([
        { kind: 'folder', path: 'desa' },
        { kind: 'file', path: 'desa/app_key', content: 'kunci' },
      ]),
    ),
  ...more,
});
let number = 0;
const make = (more: Partial<DesaState> = {}, inStore = store) =>
  makeBackup(inStore, world.gabungan, state(more), `1307012002/update-${(number += 1)}`);
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: { code?: string }) => error.code,
  );

describe('the backup of one desa', () => {
  it('holds the rows of this desa alone, children without the column among them', async () => {
    const { manifest } = await make();
    expect(manifest.rows?.counts).toEqual({ penduduk_map: 1, keluarga: 1, penduduk: 3, config: 1 });
    expect(manifest.rows?.plan.at(-1)?.table).toBe('config');
    expect(manifest.folder.entries).toBe(2);
  }, 60_000);

  it('gives every row back as it was and touches no neighbour', async () => {
    const before = await everything();
    const { folder } = await make();
    await world.gabungan.query(
      "DELETE FROM penduduk_map WHERE id = 20; UPDATE penduduk SET nama = 'rusak' WHERE config_id = 2; INSERT INTO penduduk (config_id, nama, nik) VALUES (2, 'baru', 'baru')",
    );
    await restoreRows(folder, store.ring, world.gabungan);
    expect(await everything()).toEqual(before);
    await world.gabungan.query(
      'UPDATE keluarga SET nik_kepala = NULL, config_id = 2 WHERE id = 2; DELETE FROM penduduk WHERE config_id = 2',
    );
    await world.gabungan.query('DELETE FROM config WHERE id = 2');
    await restoreRows(folder, store.ring, world.gabungan);
    expect(await everything()).toEqual(before);
  }, 60_000);

  it('is proved on the side: no schema and no row stays behind', async () => {
    const [before, standing] = [await everything(), await schemas()];
    const { folder } = await make();
    await verifyBackup(folder, store.ring, world.gabungan);
    expect(await everything()).toEqual(before);
    expect(await schemas()).toEqual(standing);
  }, 60_000);

  it('gives the folder back', async () => {
    const { folder } = await make();
    let key: Buffer | undefined;
    await restoreFolder(folder, store.ring, async (tar) => {
      key = await firstFileOf(tar as Readable);
    });
    expect(key?.toString()).toBe('kunci');
  }, 60_000);

  it('is readable by nobody without the key, and by no other user', async () => {
    const { folder } = await make();
    for (const file of Object.values(FILES)) {
      expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
      expect((await readFile(join(folder, file))).includes('Nagari')).toBe(false);
    }
    expect(await codeOf(verifyBackup(folder, new Map([['k1', Buffer.alloc(32, 8)]]), world.gabungan))).toBe(
      'backup-damaged',
    );
    expect(await codeOf(verifyBackup(folder, new Map([['k2', Buffer.alloc(32, 7)]]), world.gabungan))).toBe(
      'backup-key-unknown',
    );
  }, 60_000);

  it('a damaged backup is refused before a single row is changed', async () => {
    const before = await everything();
    const { folder } = await make();
    const path = join(folder, FILES.rows);
    const whole = await readFile(path);
    for (const broken of [whole.subarray(0, -1), Buffer.concat([whole, Buffer.from([0])]), changed(whole)]) {
      await writeFile(path, broken);
      expect(await codeOf(verifyBackup(folder, store.ring, world.gabungan))).toBe('backup-damaged');
      expect(await codeOf(restoreRows(folder, store.ring, world.gabungan))).toBe('backup-damaged');
    }
    await rm(path);
    expect(await codeOf(restoreRows(folder, store.ring, world.gabungan))).toBe('backup-damaged');
    expect(await everything()).toEqual(before);
  }, 60_000);

  it('counts that differ put everything back', async () => {
    const before = await everything();
    const { folder } = await make();
    const path = join(folder, FILES.manifest);
    const manifest = JSON.parse(await readFile(path, 'utf8')) as { rows: { counts: Record<string, number> } };
    manifest.rows.counts.penduduk = 4;
    await writeFile(path, JSON.stringify(manifest));
    expect(await codeOf(verifyBackup(folder, store.ring, world.gabungan))).toBe('rows-differ');
    expect(await codeOf(restoreRows(folder, store.ring, world.gabungan))).toBe('rows-differ');
    expect(await everything()).toEqual(before);
  }, 60_000);

  it('a full disk is told by its name and leaves nothing half-done', async () => {
    const full = { ...store, root: join(root, 'full') };
    expect(await codeOf(make({}, { ...full, minimumFreeBytes: Number.MAX_SAFE_INTEGER }))).toBe('disk-full');
    const exportFolder = async () => failing();
    expect(await codeOf(make({ exportFolder }, full))).toBe('disk-full');
    expect(await readdir(full.root, { recursive: true })).toEqual(['1307012002']);
  }, 60_000);

  it('a desa without a row of its own has its folder backed up', async () => {
    const { manifest, folder } = await make({ rows: undefined });
    expect(manifest.rows).toBeNull();
    await restoreRows(folder, store.ring, world.gabungan);
  }, 60_000);
});

function changed(whole: Buffer): Buffer {
  const other = Buffer.from(whole);
  other[other.length >> 1]! ^= 1;
  return other;
}

const failing = (): Readable =>
  new Readable({
    read() {
      this.destroy(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
    },
  });

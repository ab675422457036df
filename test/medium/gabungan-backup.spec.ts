import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FILES, type BackupStore } from '#libs/backups/backup-folder.js';
import { makeWholeBackup, SCHEMA_FILE, type WithCopy } from '#libs/backups/gabungan-backup.js';
import * as names from '#libs/catalog/names.js';
import { randomPassword } from '#libs/core/seal.js';
import { copyAddressOf, removeCopy, startCopy } from '#libs/gabungan/drivers/copy.js';
import { openGabungan } from '#libs/gabungan/drivers/mariadb.js';
import type { GabunganAddress } from '#libs/gabungan/gabungan-port.js';
import { AS_OPENSID, openGabunganWorld, SCHEMA, type GabunganWorld } from './gabungan-world.js';

let world: GabunganWorld;
let root: string;
let store: BackupStore;
let copy: GabunganAddress;
const invariants = [{ name: 'tanpa desa', sql: 'SELECT COUNT(*) FROM penduduk WHERE config_id IS NULL', expect: 0 }];
const state = () => ({ gabungan: world.address.name, version: 'v1.0.0', invariants });

const withCopy: WithCopy = async (use) => {
  await startCopy(world.docker, copy, AS_OPENSID);
  const opened = openGabungan(copy, world.docker);
  try {
    return await use(opened);
  } finally {
    await opened.close();
    await removeCopy(world.docker, copy);
  }
};
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: { code?: string }) => error.code,
  );
const everything = async (): Promise<unknown> => ({
  config: await world.gabungan.query('SELECT * FROM config ORDER BY id'),
  penduduk: await world.gabungan.query('SELECT * FROM penduduk ORDER BY id'),
  fingerprint: await world.gabungan.fingerprint(),
});
const leftovers = async (): Promise<unknown[]> => [
  await world.docker.container(copy.container!),
  (await world.docker.volumes({})).includes(names.gabunganVolume(copy.name)),
];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'siappakai-whole-'));
  store = { root: join(root, 'backups'), ring: new Map([['k1', Buffer.alloc(32, 7)]]), minimumFreeBytes: 0 };
  world = await openGabunganWorld();
  copy = copyAddressOf(world.address, 'aaaabbbb-0000', randomPassword());
  await world.gabungan.query(SCHEMA);
  await world.gabungan.query(
    "INSERT INTO config VALUES (1, 'a', 'Kurai', '1307012001'), (2, 'b', 'Batu', '1307012002')",
  );
  await world.gabungan.query("INSERT INTO agama VALUES (0, 'nol'), (1, 'Islam')");
  for (const id of [1, 2])
    await world.gabungan.query(
      "INSERT INTO penduduk (config_id, nama, nik, berat, foto, lahir) VALUES (:id, 'D''Koto \\\\ ☘\n', :id, 3.1415926535, UNHEX('00FF0A'), '1980-01-31')",
      { id },
    );
}, 240_000);
afterAll(async () => {
  await removeCopy(world.docker, copy);
  await world?.close();
  await rm(root, { recursive: true, force: true });
});

describe('the backup of a whole gabungan', () => {
  it('is loaded into a throw-away server and compared before it counts; nothing stays but the sealed files', async () => {
    const before = await everything();
    const { folder, manifest, bytes } = await makeWholeBackup(store, world.gabungan, state(), {
      name: 'g/1',
      withCopy,
    });
    expect(manifest.counts).toEqual({ agama: 2, config: 2, keluarga: 0, penduduk: 2, penduduk_map: 0 });
    expect(manifest.fingerprint).toMatchObject({ tables: 5, views: 1 });
    expect((await readdir(folder)).sort()).toEqual([FILES.manifest, FILES.rows, SCHEMA_FILE].sort());
    for (const file of [FILES.rows, SCHEMA_FILE])
      expect((await readFile(join(folder, file))).includes('Kurai')).toBe(false);
    expect(bytes).toBeGreaterThan(500);
    expect(await everything()).toEqual(before);
    expect(await leftovers()).toEqual([undefined, false]);
  }, 180_000);

  it.each([FILES.rows, SCHEMA_FILE])(
    'one changed byte of %s is refused, and nothing half-done stays',
    async (file) => {
      const damaging: WithCopy = async (use) => {
        const path = join(store.root, 'g', 'damaged.partial', file);
        const whole = await readFile(path);
        whole[whole.length >> 1]! ^= 1;
        await writeFile(path, whole);
        return withCopy(use);
      };
      expect(
        await codeOf(makeWholeBackup(store, world.gabungan, state(), { name: 'g/damaged', withCopy: damaging })),
      ).toBe('backup-damaged');
      expect(await readdir(join(store.root, 'g'))).not.toContain('damaged.partial');
      expect(await leftovers()).toEqual([undefined, false]);
    },
    180_000,
  );

  it('rows that do not arrive are told by their table', async () => {
    const losing: WithCopy = (use) =>
      withCopy((opened) =>
        use({
          ...opened,
          count: async (sql, values) => (await opened.count(sql, values)) - (/penduduk`/.test(sql) ? 1 : 0),
        }),
      );
    const making = makeWholeBackup(store, world.gabungan, state(), { name: 'g/lost', withCopy: losing });
    await expect(making).rejects.toMatchObject({ code: 'rows-differ', data: { tables: ['penduduk 2 != 1'] } });
  }, 180_000);

  it('a full disk is told before anything is made', async () => {
    const full = { ...store, minimumFreeBytes: Number.MAX_SAFE_INTEGER };
    expect(await codeOf(makeWholeBackup(full, world.gabungan, state(), { name: 'g/full', withCopy }))).toBe(
      'disk-full',
    );
    expect(await leftovers()).toEqual([undefined, false]);
  }, 60_000);
});

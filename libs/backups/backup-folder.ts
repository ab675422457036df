import { mkdir, open, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, LeaseLost, NotProved, Unavailable } from '#libs/core/errors.js';
import type { KeyRing } from '#libs/core/seal.js';
import { assertStillMine } from '#libs/core/still-mine.js';
import type { RowCounts, SchemaFingerprint, TableRows } from '#libs/gabungan/gabungan-port.js';
import type { Written } from './sealed-file.js';

export interface BackupStore {
  /** `<DATA_FOLDER>/backups` */
  root: string;
  ring: KeyRing;
  minimumFreeBytes: number;
}

export const FILES = { rows: 'rows.sql.gz.sealed', folder: 'folder.tar.gz.sealed', manifest: 'manifest.json' } as const;

/** What a backup holds and how it is proved; names and numbers only, no value of a row. */
export interface BackupManifest {
  format: 1;
  app: string;
  desaCode: string;
  version: string | null;
  madeAt: string;
  schema: SchemaFingerprint | null;
  /** null: the desa had no row in a database. */
  rows: { plan: TableRows[]; counts: RowCounts; file: Written } | null;
  folder: { entries: number; file: Written };
}

export async function readManifest(folder: string): Promise<BackupManifest> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, FILES.manifest), 'utf8')) as BackupManifest;
    if (manifest.format === 1) return manifest;
  } catch {
    // Told below: missing and unreadable are the same to whoever needs it.
  }
  throw new NotProved('backup-damaged', { file: FILES.manifest });
}

export async function writeManifest(folder: string, manifest: BackupManifest): Promise<void> {
  assertStillMine();
  await writeFile(join(folder, FILES.manifest), `${JSON.stringify(manifest, null, 2)}\n`, {
    mode: 0o600,
    flush: true,
  } as object);
}

const FULL = ['ENOSPC', 'EDQUOT'];
const tellingFull = (error: unknown): unknown =>
  !(error instanceof AppError) && FULL.includes((error as { code?: string }).code ?? '')
    ? new Unavailable('disk-full', {}, error)
    : error;

async function assertRoom({ root, minimumFreeBytes }: BackupStore): Promise<void> {
  const { bavail, bsize } = await statfs(root);
  if (bavail * bsize < minimumFreeBytes) throw new Unavailable('disk-full', { freeBytes: bavail * bsize });
}

async function settle(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * A folder that is there whole or not at all: `fill` works in `<name>.partial`, which gets its name last. What an
 * earlier, killed attempt of the same name left is cleared first.
 */
export async function wholeFolder<T>(
  store: BackupStore,
  name: string,
  fill: (folder: string) => Promise<T>,
): Promise<{ folder: string; result: T }> {
  const folder = join(store.root, name);
  const partial = `${folder}.partial`;
  const clear = (path: string) => rm(path, { recursive: true, force: true });
  try {
    assertStillMine();
    await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
    await clear(partial);
    await assertRoom(store);
    await mkdir(partial, { mode: 0o700 });
    const result = await fill(partial);
    assertStillMine();
    await clear(folder);
    await rename(partial, folder);
    await settle(dirname(folder));
    return { folder, result };
  } catch (error) {
    // Another worker may be filling it by now.
    if (error instanceof LeaseLost) throw error;
    await clear(partial);
    throw tellingFull(error);
  }
}

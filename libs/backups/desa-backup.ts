import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { NotProved } from '#libs/core/errors.js';
import type { KeyRing } from '#libs/core/seal.js';
import type { Gabungan, RowCounts, TableRows } from '#libs/gabungan/gabungan-port.js';
import {
  FILES,
  readManifest,
  wholeFolder,
  writeManifest,
  type BackupManifest,
  type BackupStore,
} from './backup-folder.js';
import { planRows, type RowsOfApp } from './rows-plan.js';
import { assertWritten, withSealed, writeSealed, type Written } from './sealed-file.js';

/** One desa of one application as it stands now. */
export interface DesaState {
  app: string;
  desaCode: string;
  version: string | null;
  /** Absent: it has no row (yet). */
  rows?: { of: RowsOfApp; ownId: number };
  /** Tar of the desa's folder. */
  exportFolder: () => Promise<NodeJS.ReadableStream>;
}

export interface BackupReceipt {
  folder: string;
  bytes: number;
  manifest: BackupManifest;
}

/** Makes it, proves it, and only then gives it its name. Throws `disk-full` with nothing half-done left. */
export async function makeBackup(
  store: BackupStore,
  gabungan: Gabungan,
  state: DesaState,
  name: string,
): Promise<BackupReceipt> {
  const { folder, result } = await wholeFolder(store, name, async (partial) => {
    const manifest = await fill(partial, store.ring, gabungan, state);
    await writeManifest(partial, manifest);
    await verifyBackup(partial, store.ring, gabungan);
    return manifest;
  });
  return { folder, bytes: result.folder.file.bytes + (result.rows?.file.bytes ?? 0), manifest: result };
}

async function fill(
  folder: string,
  ring: KeyRing,
  gabungan: Gabungan,
  { app, desaCode, version, rows, exportFolder }: DesaState,
): Promise<BackupManifest> {
  const madeAt = new Date().toISOString();
  const plan = rows && (await planRows(gabungan, rows.of, rows.ownId));
  const dumped = plan && (await dump(join(folder, FILES.rows), ring, gabungan, plan));
  const tar = (await exportFolder()) as Readable;
  const file = await writeSealed(join(folder, FILES.folder), ring, tar);
  const entries = await withSealed(join(folder, FILES.folder), ring, countEntries);
  return {
    format: 1,
    app,
    desaCode,
    version,
    madeAt,
    schema: rows ? await gabungan.fingerprint() : null,
    rows: dumped ? { plan: plan!, ...dumped } : null,
    folder: { entries, file },
  };
}

/** Either side's failure ends the other; the disk's word is the one that counts. */
async function dump(
  path: string,
  ring: KeyRing,
  gabungan: Gabungan,
  plan: TableRows[],
): Promise<{ counts: RowCounts; file: Written }> {
  const lines = new PassThrough();
  const dumping = gabungan.dumpRows(plan, lines).catch((error: unknown) => {
    lines.destroy(error as Error);
    throw error;
  });
  const [written, counted] = await Promise.allSettled([writeSealed(path, ring, lines), dumping]);
  if (written.status === 'rejected') throw written.reason;
  if (counted.status === 'rejected') throw counted.reason;
  return { counts: counted.value, file: written.value };
}

/** Reads the whole tar; a cut one throws. */
async function countEntries(tar: Readable): Promise<number> {
  const reader = extract();
  tar.on('error', (error) => reader.destroy(error));
  tar.pipe(reader);
  let entries = 0;
  for await (const entry of reader) {
    entry.resume();
    entries += 1;
  }
  return entries;
}

/** Sums, then the proof: the tar is read to its end, the rows are loaded into an empty copy of the schema and counted. */
export async function verifyBackup(folder: string, ring: KeyRing, gabungan: Gabungan): Promise<BackupManifest> {
  const manifest = await readManifest(folder);
  await assertWritten(join(folder, FILES.folder), manifest.folder.file);
  const entries = await withSealed(join(folder, FILES.folder), ring, countEntries);
  if (entries === 0 || entries !== manifest.folder.entries)
    throw new NotProved('backup-damaged', { file: FILES.folder });
  const { rows } = manifest;
  if (!rows) return manifest;
  await assertWritten(join(folder, FILES.rows), rows.file);
  const tables = rows.plan.map(({ table }) => table);
  const found = await withSealed(join(folder, FILES.rows), ring, (lines) => gabungan.rehearseRows(lines, tables));
  assertSame(rows.counts, found);
  return manifest;
}

function assertSame(expected: RowCounts, found: RowCounts): void {
  const wrong = Object.keys(expected).filter((table) => expected[table] !== found[table]);
  const tables = wrong.map((table) => `${table} ${expected[table]} != ${found[table]}`);
  if (wrong.length > 0) throw new NotProved('rows-differ', { tables });
}

/** Puts the rows back in the place of those that are there; all or nothing. */
export async function restoreRows(folder: string, ring: KeyRing, gabungan: Gabungan): Promise<void> {
  const { rows } = await readManifest(folder);
  if (!rows) return;
  await assertWritten(join(folder, FILES.rows), rows.file);
  await withSealed(join(folder, FILES.rows), ring, (lines) => gabungan.replaceRows(rows.plan, lines, rows.counts));
}

/** Hands the folder's tar to whoever puts it in place. */
export async function restoreFolder(
  folder: string,
  ring: KeyRing,
  importFolder: (tar: NodeJS.ReadableStream) => Promise<void>,
): Promise<void> {
  const manifest = await readManifest(folder);
  await assertWritten(join(folder, FILES.folder), manifest.folder.file);
  await withSealed(join(folder, FILES.folder), ring, importFolder);
}

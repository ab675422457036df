import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NotProved } from '#libs/core/errors.js';
import type { KeyRing } from '#libs/core/seal.js';
import type { Gabungan, InvariantResult, RowCounts, SchemaFingerprint } from '#libs/gabungan/gabungan-port.js';
import { assertSameRows, countAll, everyRow, loadWhole, piped } from '#libs/gabungan/whole-copy.js';
import type { AppManifest } from '#libs/templates/manifest.js';
import { FILES, wholeFolder, type BackupStore } from './backup-folder.js';
import { assertWritten, withSealed, writeSealed, type Written } from './sealed-file.js';

export const SCHEMA_FILE = 'schema.sql.gz.sealed';
type Invariants = AppManifest['invariants'];

/** A whole merged database as it was at one moment, and how it is proved; names and numbers only, no value of a row. */
export interface WholeManifest {
  format: 1;
  gabungan: string;
  version: string | null;
  madeAt: string;
  fingerprint: SchemaFingerprint;
  counts: RowCounts;
  invariants: InvariantResult[];
  files: { schema: Written; rows: Written };
}

export interface WholeState {
  gabungan: string;
  version: string | null;
  invariants: Invariants;
}

export interface WholeReceipt {
  folder: string;
  bytes: number;
  manifest: WholeManifest;
}

/** Lends an empty database that is thrown away afterwards, whatever happens. */
export type WithCopy = <T>(use: (copy: Gabungan) => Promise<T>) => Promise<T>;

/** Makes it, proves it by loading it elsewhere, and only then gives it its name. Nothing half-done stays. */
export async function makeWholeBackup(
  store: BackupStore,
  gabungan: Gabungan,
  state: WholeState,
  { name, withCopy }: { name: string; withCopy: WithCopy },
): Promise<WholeReceipt> {
  const { folder, result } = await wholeFolder(store, name, async (partial) => {
    const manifest = await dump(partial, store.ring, gabungan, state);
    await writeManifest(partial, manifest);
    await withCopy((copy) => verifyWholeBackup(partial, store.ring, copy, state.invariants));
    return manifest;
  });
  return { folder, bytes: result.files.schema.bytes + result.files.rows.bytes, manifest: result };
}

async function dump(
  folder: string,
  ring: KeyRing,
  gabungan: Gabungan,
  { gabungan: name, version, invariants }: WholeState,
): Promise<WholeManifest> {
  const madeAt = new Date().toISOString();
  const [, schema] = await piped(
    (to) => gabungan.dumpSchema(to),
    (from) => writeSealed(join(folder, SCHEMA_FILE), ring, from),
  );
  const plan = await everyRow(gabungan);
  const [counts, rows] = await piped(
    (to) => gabungan.dumpRows(plan, to),
    (from) => writeSealed(join(folder, FILES.rows), ring, from),
  );
  return {
    format: 1,
    gabungan: name,
    version,
    madeAt,
    fingerprint: await gabungan.fingerprint(),
    counts,
    invariants: await gabungan.invariants(invariants),
    files: { schema, rows },
  };
}

const writeManifest = (folder: string, manifest: WholeManifest): Promise<void> =>
  writeFile(join(folder, FILES.manifest), `${JSON.stringify(manifest, null, 2)}\n`, {
    mode: 0o600,
    flush: true,
  } as object);

export async function readWholeManifest(folder: string): Promise<WholeManifest> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, FILES.manifest), 'utf8')) as WholeManifest;
    if (manifest.format === 1 && manifest.files) return manifest;
  } catch {
    // Told below: missing and unreadable are the same to whoever needs it.
  }
  throw new NotProved('backup-damaged', { file: FILES.manifest });
}

/** Loads it into an empty database: sums before a single byte is believed, then rows, schema and invariants. */
export async function verifyWholeBackup(
  folder: string,
  ring: KeyRing,
  copy: Gabungan,
  invariants: Invariants,
): Promise<WholeManifest> {
  const manifest = await readWholeManifest(folder);
  await assertWritten(join(folder, SCHEMA_FILE), manifest.files.schema);
  await assertWritten(join(folder, FILES.rows), manifest.files.rows);
  await withSealed(join(folder, SCHEMA_FILE), ring, (schema) =>
    withSealed(join(folder, FILES.rows), ring, (rows) => loadWhole(copy, schema, rows)),
  );
  await proveSame(manifest, copy, invariants);
  return manifest;
}

/** An invariant that was broken before may be broken in the copy; one that held must hold. */
async function proveSame(manifest: WholeManifest, copy: Gabungan, invariants: Invariants): Promise<void> {
  assertSameRows(manifest.counts, await countAll(copy, await copy.tables()));
  const { sha256 } = await copy.fingerprint();
  if (sha256 !== manifest.fingerprint.sha256)
    throw new NotProved('schema-differs', { name: manifest.gabungan, wanted: manifest.fingerprint.sha256, sha256 });
  const held = new Set(manifest.invariants.filter((one) => one.observed === one.expected).map(({ name }) => name));
  const broken = (await copy.invariants(invariants))
    .filter(({ name, expected, observed }) => held.has(name) && expected !== observed)
    .map(({ name, observed }) => `${name}: ${observed}`);
  if (broken.length > 0) throw new NotProved('invariants-broken', { name: manifest.gabungan, broken });
}

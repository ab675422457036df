import type { DataSource } from 'typeorm';
import { within, type Scope } from '#libs/auth/scope.js';
import { newId } from '#libs/core/ids.js';
import { FILES } from './backup-folder.js';
import { SCHEMA_FILE, type WholeReceipt } from './gabungan-backup.js';
import { KEPT, type Keep } from './keeping.js';

export type WholeBackupKind = 'rollout' | 'manual' | 'restore';

/** As it is listed: `keep` tells why pruning leaves it, null that the next backup may take its place. */
export type ListedBackup = WholeBackupRecord & { keep: Keep | null };

export interface WholeBackupRecord {
  id: string;
  kind: WholeBackupKind;
  folder: string;
  bytes: number;
  version: string | null;
  verifiedAt: Date;
  createdAt: Date;
}

const COLUMNS = `id, kind, folder, bytes::float8 AS bytes, version, verified_at AS "verifiedAt", created_at AS "createdAt"`;

/** Written after the proof, so a row is a promise. */
export async function recordWholeBackup(
  db: DataSource,
  owner: { kabupatenId: string; gabunganId: string; runId: string; kind: WholeBackupKind },
  { folder, bytes, manifest }: WholeReceipt,
): Promise<WholeBackupRecord> {
  const { files, counts, fingerprint, version, madeAt } = manifest;
  const sums = { [SCHEMA_FILE]: files.schema.sha256, [FILES.rows]: files.rows.sha256 };
  const [row] = (await db.query(
    `INSERT INTO gabungan_backup (id, kabupaten_id, gabungan_id, run_id, kind, folder, bytes, sha256, row_counts, fingerprint,
       version, verified_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now(), $12) RETURNING ${COLUMNS}`,
    [
      newId(),
      owner.kabupatenId,
      owner.gabunganId,
      owner.runId,
      owner.kind,
      folder,
      bytes,
      JSON.stringify(sums),
      JSON.stringify(counts),
      JSON.stringify(fingerprint),
      version,
      madeAt,
    ],
  )) as WholeBackupRecord[];
  return row!;
}

/** The newest proved one of this run, or of this version that was begun after `since`. */
export async function wholeBackupFor(
  db: DataSource,
  wanted: { gabunganId: string; runId: string; version: string | null; since: Date },
): Promise<WholeBackupRecord | undefined> {
  const [row] = (await db.query(
    `SELECT ${COLUMNS} FROM gabungan_backup WHERE gabungan_id = $1 AND verified_at IS NOT NULL AND pruned_at IS NULL
       AND (run_id = $2 OR version IS NOT DISTINCT FROM $3 AND created_at >= $4) ORDER BY created_at DESC LIMIT 1`,
    [wanted.gabunganId, wanted.runId, wanted.version, wanted.since],
  )) as WholeBackupRecord[];
  return row;
}

/** Newest first. */
export const wholeBackupsOf = (db: DataSource, scope: Scope, gabunganId: string): Promise<ListedBackup[]> =>
  db.query(
    `SELECT ${COLUMNS}, keep FROM (${KEPT}) AS kept WHERE ($2::uuid[] IS NULL OR kabupaten_id = ANY($2))
     ORDER BY created_at DESC, id`,
    [gabunganId, within(scope)],
  );

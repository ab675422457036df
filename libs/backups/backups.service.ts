import type { DataSource } from 'typeorm';
import { newId } from '#libs/core/ids.js';
import { FILES } from './backup-folder.js';
import type { BackupReceipt } from './desa-backup.js';

export type BackupKind = 'update' | 'remove' | 'manual';

export interface BackupOwner {
  kabupatenId: string;
  desaId: string | null;
  runId: string | null;
  kind: BackupKind;
}

export interface BackupRecord {
  id: string;
  folder: string;
  bytes: number;
  verifiedAt: Date;
}

const SELECT = `SELECT id, folder, bytes::float8 AS bytes, verified_at AS "verifiedAt" FROM backup`;

/** Written after the proof, so a row is a promise. */
export async function recordBackup(db: DataSource, owner: BackupOwner, made: BackupReceipt): Promise<BackupRecord> {
  const { manifest } = made;
  const sums = {
    [FILES.folder]: manifest.folder.file.sha256,
    ...(manifest.rows && { [FILES.rows]: manifest.rows.file.sha256 }),
  };
  const [row] = (await db.query(
    `INSERT INTO backup (id, kabupaten_id, desa_id, desa_code, app, run_id, kind, folder, bytes, sha256, schema_sha256, verified_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now())
     RETURNING id, folder, bytes::float8 AS bytes, verified_at AS "verifiedAt"`,
    [
      newId(),
      owner.kabupatenId,
      owner.desaId,
      manifest.desaCode,
      manifest.app,
      owner.runId,
      owner.kind,
      made.folder,
      made.bytes,
      JSON.stringify(sums),
      manifest.schema?.sha256 ?? null,
    ],
  )) as BackupRecord[];
  return row!;
}

/** The proved backup this run already made, if any. */
export async function backupOfRun(db: DataSource, runId: string): Promise<BackupRecord | undefined> {
  const [row] = (await db.query(
    `${SELECT} WHERE run_id = $1 AND verified_at IS NOT NULL ORDER BY created_at DESC LIMIT 1`,
    [runId],
  )) as BackupRecord[];
  return row;
}

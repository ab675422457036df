import type { DataSource } from 'typeorm';
import { within, type Scope } from '#libs/auth/scope.js';
import * as names from '#libs/catalog/names.js';

/** What stood before a gabungan was put back from a backup: beside it, until a person lets it go. */
export interface KeptDatabase {
  /** The restore that left it. */
  id: string;
  database: string;
  keptAt: Date;
  restoredBy: string;
  /** Version of the backup that took its place; null when that backup is gone. */
  version: string | null;
}

/** A restore that ended well left one; a `let-go` that ended well took it away. Newest first. */
export async function keptDatabasesOf(
  db: DataSource,
  scope: Scope,
  { id, name }: { id: string; name: string },
): Promise<KeptDatabase[]> {
  const rows = (await db.query(
    `SELECT r.id, r.ended_at AS "keptAt", r.asked_by AS "restoredBy", b.version
     FROM run r LEFT JOIN gabungan_backup b ON b.id::text = r.input->>'backup'
     WHERE ($1::uuid[] IS NULL OR r.kabupaten_id = ANY($1)) AND r.subject_kind = 'gabungan' AND r.subject_id = $2
       AND r.verb = 'restore' AND r.state = 'done' AND NOT r.input @> '{"dryRun": true}'
       AND NOT EXISTS (SELECT 1 FROM run gone WHERE gone.subject_id = r.subject_id AND gone.verb = 'let-go'
         AND gone.state = 'done' AND gone.input->>'kept' = r.id::text)
     ORDER BY r.ended_at DESC`,
    [within(scope), id],
  )) as Omit<KeptDatabase, 'database'>[];
  return rows.map((row) => ({ ...row, database: names.keptDatabase(name, row.id) }));
}

import type { DataSource } from 'typeorm';
import { record } from '#libs/audit/audit.service.js';

/** Why a backup stays: it is among the newest, or an open rollout stands on it. */
export type Keep = 'newest' | 'rollout';

/**
 * The one an open rollout would go back to: the newest that was proved when its migration ended, or now. Every backup
 * that the rollout itself made is kept with it.
 */
const STANDS = `EXISTS (SELECT 1 FROM rollout r WHERE r.gabungan_id = b.gabungan_id AND r.state IN ('running', 'paused') AND (
    EXISTS (SELECT 1 FROM run WHERE run.id = b.run_id AND run.rollout_id = r.id)
    OR b.id = (SELECT before.id FROM gabungan_backup before WHERE before.gabungan_id = r.gabungan_id AND before.pruned_at IS NULL
      AND before.verified_at IS NOT NULL AND before.created_at <= coalesce((SELECT max(m.ended_at) FROM run m
        WHERE m.rollout_id = r.id AND m.verb = 'migrate' AND m.state = 'done'), now())
      ORDER BY before.created_at DESC, before.id LIMIT 1)))`;

/** Proved backups of gabungan `$1`, newest first, each with `keep`: null when the next backup may take its place. */
export const KEPT = `SELECT b.*, CASE
    WHEN row_number() OVER (ORDER BY b.created_at DESC, b.id) <= g.keep_backups THEN 'newest'
    WHEN ${STANDS} THEN 'rollout' END AS keep
  FROM gabungan_backup b JOIN gabungan g ON g.id = b.gabungan_id
  WHERE b.gabungan_id = $1 AND b.pruned_at IS NULL AND b.verified_at IS NOT NULL`;

export interface Superseded {
  id: string;
  folder: string;
  kabupatenId: string;
  gabungan: string;
  createdAt: Date;
}

/** Backups that may go, the oldest first, and those whose going was cut off. */
export async function supersededOf(db: DataSource, gabunganId: string): Promise<Superseded[]> {
  return (await db.query(
    `SELECT b.id, b.folder, b.kabupaten_id AS "kabupatenId", g.name AS gabungan, b.created_at AS "createdAt"
     FROM gabungan_backup b JOIN gabungan g ON g.id = b.gabungan_id
     WHERE b.gabungan_id = $1 AND (b.pruned_at IS NOT NULL OR b.id IN (SELECT id FROM (${KEPT}) AS kept WHERE keep IS NULL))
     ORDER BY b.created_at`,
    [gabunganId],
  )) as Superseded[];
}

/** Row marked, files gone, row gone: cut off anywhere, the next time goes on. `remove` is safe to repeat. */
export async function prune(
  db: DataSource,
  { id, folder, kabupatenId, gabungan, createdAt }: Superseded,
  remove: (folder: string) => Promise<void>,
): Promise<void> {
  const [, marked] = (await db.query(
    'UPDATE gabungan_backup SET pruned_at = now() WHERE id = $1 AND pruned_at IS NULL',
    [id],
  )) as [unknown, number];
  if (marked > 0)
    await record(db.manager, {
      actor: 'worker',
      kabupatenId,
      action: 'gabungan.prune-backup',
      subject: gabungan,
      before: { backup: id, createdAt },
    });
  await remove(folder);
  await db.query('DELETE FROM gabungan_backup WHERE id = $1 AND pruned_at IS NOT NULL', [id]);
}

/** How many are kept from now on; what is too many goes with the next backup. */
export async function setKeeping(
  db: DataSource,
  who: string,
  { id, name, kabupatenId }: { id: string; name: string; kabupatenId: string },
  keepBackups: number,
): Promise<void> {
  await db.transaction(async (manager) => {
    await manager.query('UPDATE gabungan SET keep_backups = $2 WHERE id = $1', [id, keepBackups]);
    await record(manager, {
      actor: who,
      kabupatenId,
      action: 'gabungan.change',
      subject: name,
      after: { keepBackups },
    });
  });
}

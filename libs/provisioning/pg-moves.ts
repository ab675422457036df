import type { DataSource } from 'typeorm';
import { NotFound } from '#libs/core/errors.js';
import type { PastMove } from './downtime.js';
import type { MoveRecord, MoveRecords } from './move-records.js';
import type { MoveTarget } from './move-target.js';

const HISTORY = 20;
const RUN_OF_SETTLING = `installation_id = $1 AND switched_at IS NOT NULL AND settled_at IS NULL`;

/** The record of the move of one target, in PostgreSQL. */
export function pgMoves(db: DataSource, { run, from, to }: MoveTarget): MoveRecords {
  const place = ({ server, installation, kabupatenId }: MoveTarget['to']) =>
    [installation.id, server.id, installation.uid, kabupatenId] as const;
  const stand = async (target: MoveTarget['to'], keptUntil: Date | null): Promise<void> =>
    db.transaction(async (manager) => {
      const [id, serverId, uid] = place(target);
      await manager.query('UPDATE installation SET server_id = $2, uid = $3 WHERE id = $1', [id, serverId, uid]);
      await manager.query(
        'UPDATE move SET switched_at = CASE WHEN $2::timestamptz IS NULL THEN NULL ELSE COALESCE(switched_at, now()) END, kept_until = $2 WHERE run_id = $1',
        [run.id, keptUntil],
      );
    });
  return {
    async read() {
      const [row] = (await db.query(
        `SELECT closed_at AS "closedAt", answered_at AS "answeredAt", predicted_seconds AS "predictedSeconds",
           switched_at AS "switchedAt" FROM move WHERE run_id = $1`,
        [run.id],
      )) as MoveRecord[];
      return row;
    },

    async note({ bulk, rest, totalBytes, predictedSeconds, answeredAt }) {
      await db.query(
        `UPDATE move SET bulk_bytes = COALESCE(bulk_bytes + $2, $2, bulk_bytes), bulk_seconds = COALESCE(bulk_seconds + $3, $3, bulk_seconds),
           rest_bytes = COALESCE(rest_bytes + $4, $4, rest_bytes), rest_seconds = COALESCE(rest_seconds + $5, $5, rest_seconds),
           total_bytes = COALESCE($6, total_bytes), predicted_seconds = COALESCE($7, predicted_seconds),
           answered_at = COALESCE(answered_at, $8) WHERE run_id = $1`,
        [
          ...[run.id, bulk?.bytes ?? null, bulk?.seconds ?? null, rest?.bytes ?? null, rest?.seconds ?? null],
          ...[totalBytes ?? null, predictedSeconds ?? null, answeredAt ?? null],
        ],
      );
    },

    noteClosed: async (at) =>
      void (await db.query('UPDATE move SET closed_at = COALESCE(closed_at, $2) WHERE run_id = $1', [run.id, at])),

    past: () => pastMoves(db, to.kabupatenId),

    async kept() {
      const [row] = (await db.query(
        `SELECT s.name AS server, m.kept_until AS until FROM move m JOIN server s ON s.id = m.from_server_id
         WHERE m.installation_id = $1 AND m.run_id <> $2 AND m.switched_at IS NOT NULL AND m.settled_at IS NULL`,
        [from.installation.id, run.id],
      )) as { server: string; until: Date }[];
      return row;
    },

    async isRolling() {
      const rows = (await db.query(
        `SELECT 1 FROM rollout WHERE gabungan_id = $1 AND app = $2 AND state IN ('running', 'paused')`,
        [to.gabungan.id, to.app.app],
      )) as unknown[];
      return rows.length > 0;
    },

    switchOver: (keptUntil) => stand(to, keptUntil),
    switchBack: () => stand(from, null),

    async isSwitched() {
      const [row] = (await db.query('SELECT server_id AS "serverId" FROM installation WHERE id = $1', [
        to.installation.id,
      ])) as { serverId: string }[];
      if (!row) throw new NotFound('installation-unknown', { id: to.installation.id });
      return row.serverId === to.server.id;
    },

    settle: async () =>
      void (await db.query(`UPDATE move SET settled_at = now() WHERE ${RUN_OF_SETTLING}`, [from.installation.id])),
  };
}

/** What this kabupaten's moves took, newest first; those that were answered at the new place alone. */
async function pastMoves(db: DataSource, kabupatenId: string): Promise<PastMove[]> {
  return (await db.query(
    `SELECT total_bytes::float AS "totalBytes", COALESCE(bulk_bytes, 0)::float AS "bulkBytes", COALESCE(bulk_seconds, 0) AS "bulkSeconds",
       COALESCE(rest_bytes, 0)::float AS "restBytes", extract(epoch FROM answered_at - closed_at)::float AS "downtimeSeconds"
     FROM move WHERE kabupaten_id = $1 AND answered_at IS NOT NULL AND closed_at IS NOT NULL AND total_bytes IS NOT NULL
     ORDER BY answered_at DESC LIMIT ${HISTORY}`,
    [kabupatenId],
  )) as PastMove[];
}

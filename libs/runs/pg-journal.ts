import type { DataSource } from 'typeorm';
import { LeaseLost, type AppError } from '#libs/core/errors.js';
import type { Journal, StepRecord, StoredProblem } from './journal.js';
import { statesBefore, type RunState, type StepState } from './state.js';
import { scrub } from './scrub.js';

export interface Claim {
  runId: string;
  /** Grows with every claim; a write with an older number finds no row. */
  fence: number;
}

/** What a problem carries may come from a page or a log: no secret is stored with it. */
const scrubbed = (data: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, typeof value === 'string' ? scrub(value) : value]),
  );

export const stored = (problem?: AppError): StoredProblem | null =>
  problem ? { code: problem.code, data: scrubbed(problem.data) } : null;

const STILL_MINE = 'EXISTS (SELECT 1 FROM run WHERE run.id = $1 AND run.fence = $2)';
const ENDED: StepState[] = ['done', 'skipped', 'failed', 'undone', 'undo-failed'];

/** The journal in PostgreSQL. Each write carries the fence in its WHERE: no row, no lease. */
export function pgJournal(db: DataSource, claim: Claim): Journal {
  const mine = [claim.runId, claim.fence];
  const write = async (sql: string, more: unknown[] = []): Promise<void> => {
    const [, touched] = (await db.query(sql, [...mine, ...more])) as [unknown, number];
    if (touched === 0) throw new LeaseLost('lease-lost', { runId: claim.runId });
  };

  return {
    async steps() {
      const rows = (await db.query(
        'SELECT position, name, state, before, attempts FROM run_step WHERE run_id = $1 ORDER BY position',
        [claim.runId],
      )) as StepRecord[];
      return rows;
    },

    async lay(names) {
      const positions = names.map((_, position) => position);
      await db.query(
        `INSERT INTO run_step (run_id, position, name, undo_reason, state)
         SELECT $1, line.position, line.name, NULLIF(line.reason, ''), 'waiting'
         FROM unnest($3::int[], $4::text[], $5::text[]) AS line(position, name, reason) WHERE ${STILL_MINE}
         ON CONFLICT DO NOTHING`,
        [...mine, positions, names.map(({ name }) => name), names.map(({ undoReason }) => undoReason ?? '')],
      );
    },

    async begin(position, { says, before, deadline }) {
      const [{ count }] = (await db.query(
        `WITH begun AS (
           UPDATE run_step SET state = 'running', says = $4, before = $5, deadline = $6, started_at = COALESCE(started_at, now())
           WHERE run_id = $1 AND position = $3 AND ${STILL_MINE} RETURNING run_id, name),
         told AS (INSERT INTO run_log (run_id, step, level, line)
           SELECT begun.run_id, begun.name, 'info', line FROM begun, unnest($7::text[]) AS line)
         SELECT count(*)::int AS count FROM begun`,
        [...mine, position, JSON.stringify(says), JSON.stringify(before ?? {}), deadline, says.map(scrub)],
      )) as [{ count: number }];
      if (count === 0) throw new LeaseLost('lease-lost', { runId: claim.runId });
    },

    step: (position, state, more = {}) =>
      write(
        `UPDATE run_step SET state = $4, problem = COALESCE($5, problem), says = COALESCE($6, says), attempts = COALESCE($7, attempts),
           started_at = COALESCE(started_at, now()), ended_at = CASE WHEN $8 THEN now() ELSE NULL END
         WHERE run_id = $1 AND position = $3 AND ${STILL_MINE}`,
        [
          position,
          state,
          more.problem ? JSON.stringify(stored(more.problem)) : null,
          more.says ? JSON.stringify(more.says) : null,
          more.attempts ?? null,
          ENDED.includes(state),
        ],
      ),

    run: (state, problem) => moveRun(write, state, problem),

    waiting: (text) => write('UPDATE run SET waiting = $3 WHERE id = $1 AND fence = $2', [text]),

    async say(level, line, step) {
      await db.query(`INSERT INTO run_log (run_id, step, level, line) SELECT $1, $3, $4, $5 WHERE ${STILL_MINE}`, [
        ...mine,
        step ?? null,
        level,
        scrub(line),
      ]);
    },

    take: (resource) => takeLock(db, claim, resource),

    async release(resource) {
      await db.query('DELETE FROM resource_lock WHERE run_id = $1 AND ($2::text IS NULL OR resource = $2)', [
        claim.runId,
        resource ?? null,
      ]);
    },
  };
}

const moveRun = (
  write: (sql: string, more: unknown[]) => Promise<void>,
  state: RunState,
  problem?: AppError,
): Promise<void> =>
  write(
    `UPDATE run SET state = $3, problem = COALESCE($4, problem), waiting = NULL,
       ended_at = CASE WHEN $5 THEN now() ELSE NULL END,
       leased_until = CASE WHEN $5 THEN NULL ELSE leased_until END
     WHERE id = $1 AND fence = $2 AND state = ANY($6)`,
    [
      state,
      problem ? JSON.stringify(stored(problem)) : null,
      statesBefore(state).length > 0 && !['running', 'undoing'].includes(state),
      statesBefore(state),
    ],
  );

/** Takes a resource, also from a run that has ended without giving it back. */
async function takeLock(db: DataSource, claim: Claim, resource: string): Promise<{ heldBy?: string }> {
  const rows = (await db.query(
    `INSERT INTO resource_lock (resource, run_id) SELECT $3, $1 WHERE ${STILL_MINE}
     ON CONFLICT (resource) DO UPDATE SET run_id = EXCLUDED.run_id, since = now()
       WHERE resource_lock.run_id = EXCLUDED.run_id
          OR NOT EXISTS (SELECT 1 FROM run r WHERE r.id = resource_lock.run_id AND r.state IN ('queued', 'running', 'undoing'))
     RETURNING run_id`,
    [claim.runId, claim.fence, resource],
  )) as unknown[];
  if (rows.length > 0) return {};
  const [holder] = (await db.query(
    `SELECT run.verb || ' ' || run.subject_label AS label FROM resource_lock JOIN run ON run.id = run_id WHERE resource = $1`,
    [resource],
  )) as { label: string }[];
  return holder ? { heldBy: holder.label } : { heldBy: '?' };
}

import type { DataSource } from 'typeorm';
import type { Claim } from './pg-journal.js';
import type { RunState } from './state.js';

export const LEASE_SECONDS = 15;

export interface ClaimedRun extends Claim {
  verb: string;
  kabupatenId: string;
  subjectKind: 'desa' | 'gabungan' | 'release' | 'server';
  subjectId: string;
  app: string | null;
  input: Record<string, unknown>;
  state: RunState;
  leaseSeconds: number;
  /** The rollout that asked for it. */
  rolloutId: string | null;
}

const OPEN = `state IN ('queued', 'running', 'undoing') AND (leased_until IS NULL OR leased_until < now())`;
/** Work for a server that is away waits. */
const HAS_SERVER = 'away_server(run) IS NULL';
const AWAY = 'server:';

/** Takes an open run nobody works on; undefined when there is nothing to take. Two workers may ask: one gets it. */
export async function claimRun(
  db: DataSource,
  runId: string,
  worker: string,
  leaseSeconds = LEASE_SECONDS,
): Promise<ClaimedRun | undefined> {
  const [rows] = (await db.query(
    `UPDATE run SET leased_by = $2, leased_until = now() + make_interval(secs => $3), fence = fence + 1, waiting = NULL,
       state = CASE state WHEN 'queued' THEN 'running' ELSE state END, started_at = COALESCE(started_at, now())
     WHERE id = $1 AND ${OPEN} AND ${HAS_SERVER}
     RETURNING id AS "runId", fence::int, verb, kabupaten_id AS "kabupatenId", subject_kind AS "subjectKind",
       subject_id AS "subjectId", app, input, state, rollout_id AS "rolloutId"`,
    [runId, worker, leaseSeconds],
  )) as [Omit<ClaimedRun, 'leaseSeconds'>[], number];
  return rows[0] && { ...rows[0], leaseSeconds };
}

/** Runs that a lost bell or a dead worker left behind. */
export async function waitingRuns(db: DataSource): Promise<string[]> {
  const rows = (await db.query(`SELECT id FROM run WHERE ${OPEN} AND ${HAS_SERVER} ORDER BY created_at LIMIT 500`)) as {
    id: string;
  }[];
  return rows.map(({ id }) => id);
}

/**
 * Gives a run back whose server went away: what was begun goes on where it stands once the server answers, what was not
 * is queued as before, and may be cancelled.
 */
export async function setAside(db: DataSource, { runId, fence }: Claim, server: string): Promise<void> {
  await db.query(
    `UPDATE run SET leased_by = NULL, leased_until = NULL, waiting = $3,
       state = CASE WHEN state = 'running' AND NOT EXISTS
         (SELECT 1 FROM run_step WHERE run_id = run.id AND run_step.state <> 'waiting') THEN 'queued' ELSE state END
     WHERE id = $1 AND fence = $2 AND state IN ('running', 'undoing')`,
    [runId, fence, `${AWAY}${server}`],
  );
}

/** Every run that nobody can take says which server it waits for, and says so no longer when that is back. */
export async function tellWaiting(db: DataSource): Promise<void> {
  await db.query(
    `UPDATE run SET waiting = '${AWAY}' || away_server(run)
     WHERE ${OPEN} AND (away_server(run) IS NOT NULL OR waiting LIKE '${AWAY}%')
       AND waiting IS DISTINCT FROM '${AWAY}' || away_server(run)`,
  );
}

/** Keeps the lease while `work` goes on: four times in its length. A lost lease shows at the next fenced write. */
export async function whileLeased<T>(db: DataSource, claim: ClaimedRun, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(
    () => {
      db.query(
        'UPDATE run SET leased_until = now() + make_interval(secs => $3) WHERE id = $1 AND fence = $2 AND leased_until IS NOT NULL',
        [claim.runId, claim.fence, claim.leaseSeconds],
      ).catch(() => undefined);
    },
    (claim.leaseSeconds * 1000) / 4,
  );
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

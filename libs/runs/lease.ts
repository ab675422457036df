import type { DataSource } from 'typeorm';
import { whileHeld } from '#libs/core/still-mine.js';
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

/**
 * Takes an open run nobody works on; undefined when there is nothing to take: another worker has it, its server is away,
 * every place there is taken, or it is on another machine than this worker, whose own ones are `mine`. What has begun
 * keeps its place and goes on at once.
 */
export async function claimRun(
  db: DataSource,
  runId: string,
  worker: string,
  leaseSeconds = LEASE_SECONDS,
  mine?: string[],
): Promise<ClaimedRun | undefined> {
  const [run] = (await db.query(
    `SELECT id AS "runId", fence::int, verb, kabupaten_id AS "kabupatenId", subject_kind AS "subjectKind",
       subject_id AS "subjectId", app, input, state, rollout_id AS "rolloutId" FROM claim_run($1, $2, $3, $4)`,
    [runId, worker, leaseSeconds, mine ?? null],
  )) as Omit<ClaimedRun, 'leaseSeconds'>[];
  return run && { ...run, leaseSeconds };
}

export interface LeftRun {
  id: string;
  /** Somebody began it, and it may hold what others wait for. */
  isBegun: boolean;
}

/** Runs that a lost bell or a dead worker left behind, as many as have a place, the oldest first. */
export async function leftRuns(db: DataSource, mine?: string[]): Promise<LeftRun[]> {
  return (await db.query(
    `SELECT id, run.state <> 'queued' AS "isBegun" FROM open_run JOIN run USING (id)
     WHERE waits_for IS NULL AND NOT is_elsewhere(run, $1) ORDER BY open_run.created_at LIMIT 500`,
    [mine ?? null],
  )) as LeftRun[];
}

export const waitingRuns = async (db: DataSource, mine?: string[]): Promise<string[]> =>
  (await leftRuns(db, mine)).map(({ id }) => id);

/**
 * Gives a run back that has to wait (`server:<name>` is away, `places:<name>` are taken): what was begun goes on where it
 * stands, what was not is queued as before, and may be cancelled.
 */
export async function setAside(db: DataSource, { runId, fence }: Claim, waiting: string | null): Promise<void> {
  await db.query(
    `UPDATE run SET leased_by = NULL, leased_until = NULL, waiting = $3,
       state = CASE WHEN begun THEN state ELSE 'queued' END, started_at = CASE WHEN begun THEN started_at END
     FROM (SELECT state <> 'running' OR EXISTS
       (SELECT 1 FROM run_step WHERE run_id = run.id AND run_step.state <> 'waiting') AS begun FROM run WHERE id = $1) AS stood
     WHERE id = $1 AND fence = $2 AND state IN ('running', 'undoing')`,
    [runId, fence, waiting],
  );
}

/** Every run that nobody can take says what it waits for, and says so no longer when that is over. */
export async function tellWaiting(db: DataSource): Promise<void> {
  await db.query(
    `UPDATE run SET waiting = open_run.waits_for FROM open_run WHERE open_run.id = run.id
       AND (waits_for IS NOT NULL OR told LIKE 'server:%' OR told LIKE 'places:%') AND told IS DISTINCT FROM waits_for
       AND run.waiting IS NOT DISTINCT FROM told AND (run.leased_until IS NULL OR run.leased_until < now())`,
  );
}

/**
 * Keeps the lease while `work` goes on: four times in its length. A lost one shows at the next fenced write, and at the
 * next door to the outside (`assertStillMine`).
 */
export async function whileLeased<T>(db: DataSource, claim: ClaimedRun, work: () => Promise<T>): Promise<T> {
  const length = claim.leaseSeconds * 1000;
  const held = { runId: claim.runId, until: Date.now() + length };
  const renew = async (): Promise<void> => {
    const until = Date.now() + length;
    held.until = (await isRenewed(db, claim)) ? until : 0;
  };
  const timer = setInterval(() => void renew().catch(() => undefined), length / 4);
  try {
    return await whileHeld(held, work);
  } finally {
    clearInterval(timer);
  }
}

/** Also true once the run has ended: nobody else takes it then, and what its worker tidies is its own. */
async function isRenewed(db: DataSource, { runId, fence, leaseSeconds }: ClaimedRun): Promise<boolean> {
  const [, mine] = (await db.query(
    `UPDATE run SET leased_until = CASE WHEN leased_until IS NOT NULL THEN now() + make_interval(secs => $3) END
     WHERE id = $1 AND fence = $2`,
    [runId, fence, leaseSeconds],
  )) as [unknown, number];
  return mine > 0;
}

import type { EntityManager } from 'typeorm';
import { within, type Scope } from '#libs/auth/scope.js';
import type { Rehearsal, RolloutPlan, RolloutSettings } from '#libs/contract/rollouts.js';
import { NotFound } from '#libs/core/errors.js';
import type { Phase, Reason, RolloutState } from './rollout.js';

export type Queries = Pick<EntityManager, 'query'>;

/** A rollout as its row stands, with the names that people know it by. */
export interface RolloutRow {
  id: string;
  kabupatenId: string;
  gabunganId: string;
  gabungan: string;
  app: string;
  releaseId: string;
  version: string;
  isWithdrawn: boolean;
  state: RolloutState;
  phase: Phase;
  settings: RolloutSettings;
  seed: number;
  plan: RolloutPlan;
  planHash: string;
  askedBy: string;
  approvedBy: string | null;
  reason: Reason | null;
  resumedAt: Date | null;
  windowEndsAt: Date | null;
  rehearsal: Pick<Rehearsal, 'runId' | 'verdict' | 'isCodeOnly' | 'migrationSeconds'> | null;
}

const SELECT = `SELECT r.id, r.kabupaten_id AS "kabupatenId", r.gabungan_id AS "gabunganId", g.name AS gabungan, r.app,
    r.release_id AS "releaseId", release.version, (release.state = 'withdrawn' OR release.withdrawn_at IS NOT NULL) AS "isWithdrawn",
    r.state, r.phase, r.settings, r.seed, r.plan, r.plan_hash AS "planHash", r.asked_by AS "askedBy", r.approved_by AS "approvedBy",
    r.reason, r.resumed_at AS "resumedAt", r.window_ends_at AS "windowEndsAt", r.rehearsal
  FROM rollout r JOIN gabungan g ON g.id = r.gabungan_id JOIN release ON release.id = r.release_id`;

/** What a person acts on: locked until the transaction ends, so that no tick decides on what is being changed. */
export async function lockInScope(manager: Queries, scope: Scope, id: string): Promise<RolloutRow> {
  const [found] = (await manager.query(
    `SELECT id, kabupaten_id AS "kabupatenId" FROM rollout WHERE ($1::uuid[] IS NULL OR kabupaten_id = ANY($1)) AND id::text = $2`,
    [within(scope), id],
  )) as Pick<RolloutRow, 'id' | 'kabupatenId'>[];
  if (!found) throw new NotFound('rollout-unknown', { id });
  return lock(manager, found);
}

/** For the worker. Undefined when there is no such rollout. */
export async function lockRollout(manager: Queries, id: string): Promise<RolloutRow | undefined> {
  const [found] = (await manager.query('SELECT id, kabupaten_id AS "kabupatenId" FROM rollout WHERE id = $1', [
    id,
  ])) as Pick<RolloutRow, 'id' | 'kabupatenId'>[];
  return found && lock(manager, found);
}

/**
 * One decision at a time in a kabupaten: two rollouts that share a server then see each other's runs, and the limit of
 * the server holds. The row's own lock keeps out whoever changes this rollout alone.
 */
async function lock(
  manager: Queries,
  { id, kabupatenId }: Pick<RolloutRow, 'id' | 'kabupatenId'>,
): Promise<RolloutRow> {
  await lockKabupaten(manager, kabupatenId);
  await manager.query('SELECT 1 FROM rollout WHERE id = $1 FOR UPDATE', [id]);
  const [row] = (await manager.query(`${SELECT} WHERE r.id = $1`, [id])) as RolloutRow[];
  if (!row) throw new NotFound('rollout-unknown', { id });
  return row;
}

export async function lockKabupaten(manager: Queries, kabupatenId: string): Promise<void> {
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('rollouts:' || $1, 0))`, [kabupatenId]);
}

/** The database's own clock: rows of several machines are compared with it. */
export async function databaseNow(manager: Queries): Promise<Date> {
  const [{ now }] = (await manager.query('SELECT clock_timestamp() AS now')) as [{ now: Date }];
  return now;
}

/** Rollouts that may have something to decide; a stopped one until its last run has ended. */
export async function openRollouts(db: Queries): Promise<string[]> {
  const rows = (await db.query(
    `SELECT id FROM rollout r WHERE state IN ('running', 'paused')
       OR (state = 'stopped' AND EXISTS (SELECT 1 FROM rollout_desa d WHERE d.rollout_id = r.id AND d.state = 'running'))
     ORDER BY created_at`,
  )) as { id: string }[];
  return rows.map(({ id }) => id);
}

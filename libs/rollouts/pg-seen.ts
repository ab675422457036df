import { median } from './plan.js';
import type { DesaSeen, RolloutSeen, RunSeen, WaveSeen } from './rollout.js';
import type { Queries, RolloutRow } from './pg-rollout.js';

const RUN = (alias: string): string => `CASE WHEN ${alias}.id IS NULL THEN NULL ELSE jsonb_build_object(
  'id', ${alias}.id, 'state', ${alias}.state, 'createdAt', ${alias}.created_at, 'endedAt', ${alias}.ended_at, 'problem', ${alias}.problem) END AS run`;
const IS_OPEN = (alias: string): string =>
  `(${alias}.state IN ('queued', 'running', 'undoing') OR (${alias}.state = 'broken' AND ${alias}.cleared_by IS NULL))`;

/** Everything a decision is made from. The caller holds the rollout's lock, so nobody else changes these rows meanwhile. */
export async function readSeen(manager: Queries, row: RolloutRow, now: Date): Promise<RolloutSeen> {
  const rehearsal = (await isForgotten(manager, row)) ? null : row.rehearsal;
  return {
    id: row.id,
    state: row.state,
    phase: row.phase,
    version: row.version,
    settings: row.settings,
    isCodeOnly: row.plan.isCodeOnly,
    isReleaseWithdrawn: row.isWithdrawn,
    phaseRun: await phaseRun(manager, row),
    rehearsal,
    windowEndsAt: row.windowEndsAt,
    predictedDesaSeconds: median(await desaSeconds(manager, row.app)),
    predictedMigrationSeconds: rehearsal?.migrationSeconds ?? null,
    waves: await waves(manager, row.id),
    desa: await desa(manager, row, now),
    busyOnServer: await busyOnServer(manager, row.id),
  };
}

type Stored = Omit<RunSeen, 'createdAt' | 'endedAt'> & { createdAt: string; endedAt: string | null };
const runOf = (run: Stored | null): RunSeen | null =>
  run && { ...run, createdAt: new Date(run.createdAt), endedAt: run.endedAt === null ? null : new Date(run.endedAt) };

/**
 * A phase that ended badly counts until a person lets the rollout go on, and so does a rehearsal, whose ending says
 * nothing by itself: its report is judged.
 */
async function phaseRun(manager: Queries, row: RolloutRow): Promise<RunSeen | null> {
  const [found] = (await manager.query(
    `SELECT ${RUN('run')} FROM run WHERE run.rollout_id = $1 AND run.verb = $2 AND run.subject_kind = 'gabungan'
       AND (run.state IN ('queued', 'running', 'undoing') OR (run.state = 'done' AND run.verb <> 'rehearse')
         OR $3::timestamptz IS NULL OR run.created_at >= $3)
     ORDER BY run.created_at DESC LIMIT 1`,
    [row.id, row.phase, row.resumedAt],
  )) as { run: Stored }[];
  return runOf(found?.run ?? null);
}

/** A report that stopped the rollout is asked for anew once a person let it go on. */
async function isForgotten(manager: Queries, { rehearsal, resumedAt }: RolloutRow): Promise<boolean> {
  if (rehearsal?.verdict !== 'unusable' || resumedAt === null) return false;
  const newer = (await manager.query('SELECT 1 FROM run WHERE id::text = $1 AND created_at >= $2', [
    rehearsal.runId,
    resumedAt,
  ])) as unknown[];
  return newer.length === 0;
}

/** Of the last updates of this fleet that ended well. */
export async function desaSeconds(manager: Queries, app: string): Promise<number[]> {
  const rows = (await manager.query(
    `SELECT extract(epoch FROM ended_at - started_at)::float AS seconds FROM run
     WHERE verb = 'update' AND app = $1 AND state = 'done' AND started_at IS NOT NULL AND NOT input @> '{"dryRun": true}'
     ORDER BY ended_at DESC LIMIT 50`,
    [app],
  )) as { seconds: number }[];
  return rows.map(({ seconds }) => seconds);
}

const waves = async (manager: Queries, id: string): Promise<WaveSeen[]> =>
  (await manager.query(
    `SELECT position, state, started_at AS "startedAt", settled_at AS "settledAt", released_at AS "releasedAt"
     FROM rollout_wave WHERE rollout_id = $1 ORDER BY position`,
    [id],
  )) as WaveSeen[];

/** A desa whose application was removed meanwhile counts as held: nothing is left to move. */
async function desa(manager: Queries, { id, app, gabunganId }: RolloutRow, now: Date): Promise<DesaSeen[]> {
  const rows = (await manager.query(
    `SELECT d.desa_id AS "desaId", d.wave, d.position, coalesce(i.server_id, d.desa_id) AS "serverId", d.state, d.attempts,
       d.started_at AS "startedAt", ${RUN('run')}, i.observed_version AS "observedVersion", i.observed_at AS "observedAt",
       (i.id IS NULL OR EXISTS (SELECT 1 FROM hold h WHERE h.desa_id = d.desa_id AND h.ended_at IS NULL
          AND (h.until IS NULL OR h.until > $4))) AS "isHeld",
       EXISTS (SELECT 1 FROM run other WHERE other.subject_kind = 'desa' AND other.subject_id = d.desa_id
          AND other.id IS DISTINCT FROM d.run_id AND ${IS_OPEN('other')}) AS "hasForeignRun"
     FROM rollout_desa d LEFT JOIN run ON run.id = d.run_id
     LEFT JOIN installation i ON i.desa_id = d.desa_id AND i.app = $2 AND i.gabungan_id = $3 AND i.state <> 'absent'
     WHERE d.rollout_id = $1 ORDER BY d.wave, d.position`,
    [id, app, gabunganId, now],
  )) as (Omit<DesaSeen, 'run'> & { run: Stored | null })[];
  return rows.map((row) => ({ ...row, run: runOf(row.run) }));
}

async function busyOnServer(manager: Queries, rolloutId: string): Promise<Record<string, number>> {
  const rows = (await manager.query(
    `SELECT i.server_id AS server, count(*)::int AS count FROM run
     JOIN installation i ON i.desa_id = run.subject_id AND i.app = run.app
     WHERE run.subject_kind = 'desa' AND run.state IN ('queued', 'running', 'undoing') AND run.rollout_id IS DISTINCT FROM $1
     GROUP BY 1`,
    [rolloutId],
  )) as { server: string; count: number }[];
  return Object.fromEntries(rows.map(({ server, count }) => [server, count]));
}

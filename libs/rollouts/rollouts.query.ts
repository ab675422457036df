import type { DataSource } from 'typeorm';
import { within, type Scope } from '#libs/auth/scope.js';
import type { Rollout, RolloutPlan, RolloutPlanned, RolloutWhole } from '#libs/contract/rollouts.js';
import { NotFound } from '#libs/core/errors.js';
import { RUN_COLUMNS, viewOfRun, type Language, type RunRow } from '#libs/runs/run.view.js';
import { failuresOf, viewOfDesa, viewOfRollout, type DesaRow, type ShownRow } from './rollout.view.js';

export interface RolloutFilter {
  state?: string;
  gabungan?: string;
  limit?: number;
  offset?: number;
}

/** The last end in the wave before that this one waited for: of a run, or by the tick that gave up on one. */
const LAST_RESULT = `(SELECT max(LEAST(run.ended_at, d.ended_at)) FROM rollout_desa d LEFT JOIN run ON run.id = d.run_id
  WHERE d.rollout_id = r.id AND d.wave = w.position - 1 AND LEAST(run.ended_at, d.ended_at) <= w.started_at)`;
const WAVES = `(SELECT coalesce(jsonb_agg(jsonb_build_object('position', w.position, 'state', w.state, 'startedAt', w.started_at,
    'endedAt', w.ended_at, 'releasedBy', w.released_by, 'releasedAt', w.released_at, 'settledAt', w.settled_at,
    'lastResultAt', ${LAST_RESULT}, 'counts', (
      SELECT coalesce(jsonb_object_agg(state, count), '{}') FROM (SELECT state, count(*) FROM rollout_desa d
        WHERE d.rollout_id = r.id AND d.wave = w.position GROUP BY state) AS counted)) ORDER BY w.position), '[]')
  FROM rollout_wave w WHERE w.rollout_id = r.id) AS waves`;
const COLUMNS = `r.id, r.kabupaten_id, g.name AS gabungan, r.app, release.version, r.state, r.phase, r.plan_hash, r.asked_by,
  r.approved_by, r.reason, r.settings, r.resumed_at, r.created_at, r.started_at, r.ended_at, ${WAVES}`;
const FROM = `FROM rollout r JOIN gabungan g ON g.id = r.gabungan_id JOIN release ON release.id = r.release_id
  WHERE ($1::uuid[] IS NULL OR r.kabupaten_id = ANY($1))`;

/** Rollouts as people see them. */
export class RolloutsQuery {
  constructor(private readonly db: DataSource) {}

  async list(
    scope: Scope,
    filter: RolloutFilter = {},
    language: Language = 'id',
  ): Promise<{ items: Rollout[]; total: number }> {
    const where = `${FROM} AND NOT r.is_preparation AND ($2::text IS NULL OR r.state = $2) AND ($3::text IS NULL OR g.name = $3)`;
    const values = [within(scope), filter.state ?? null, filter.gabungan ?? null];
    const rows = (await this.db.query(`SELECT ${COLUMNS} ${where} ORDER BY r.created_at DESC LIMIT $4 OFFSET $5`, [
      ...values,
      filter.limit ?? 50,
      filter.offset ?? 0,
    ])) as ShownRow[];
    const [{ total }] = (await this.db.query(`SELECT count(*)::int AS total ${where}`, values)) as [{ total: number }];
    return { items: rows.map((row) => viewOfRollout(row, language)), total };
  }

  /** As the list shows it. Throws `rollout-unknown`. */
  async one(scope: Scope, id: string, language: Language = 'id'): Promise<Rollout> {
    const [row] = (await this.db.query(`SELECT ${COLUMNS} ${FROM} AND r.id::text = $2`, [
      within(scope),
      id,
    ])) as ShownRow[];
    if (!row) throw new NotFound('rollout-unknown', { id });
    return viewOfRollout(row, language);
  }

  async planned(scope: Scope, id: string): Promise<RolloutPlanned> {
    const [row] = (await this.db.query(
      `SELECT r.id, r.plan, r.plan_hash AS "planHash", r.seed ${FROM} AND r.id::text = $2`,
      [within(scope), id],
    )) as (Pick<RolloutPlanned, 'id' | 'planHash' | 'seed'> & { plan: RolloutPlan })[];
    if (!row) throw new NotFound('rollout-unknown', { id });
    const { plan, ...kept } = row;
    return { ...plan, ...kept };
  }

  /** Throws `rollout-unknown`, also for one of a foreign kabupaten. */
  async show(scope: Scope, id: string, language: Language = 'id'): Promise<RolloutWhole> {
    const [row] = (await this.db.query(`SELECT ${COLUMNS}, r.plan, r.rehearsal ${FROM} AND r.id::text = $2`, [
      within(scope),
      id,
    ])) as (ShownRow & Pick<RolloutWhole, 'plan' | 'rehearsal'>)[];
    if (!row) throw new NotFound('rollout-unknown', { id });
    const [desa, runs] = await Promise.all([this.desa(row.id), this.runs(row.id)]);
    return {
      ...viewOfRollout(row, language),
      settings: row.settings,
      plan: row.plan,
      rehearsal: row.rehearsal,
      desa: desa.map((one) => viewOfDesa(one, language)),
      failures: failuresOf(desa, language),
      runs: runs.map((run) => viewOfRun(run, language)),
    };
  }

  private async desa(rolloutId: string): Promise<DesaRow[]> {
    return (await this.db.query(
      `SELECT r.desa_id AS "desaId", d.code, d.name, coalesce(s.name, '') AS server, r.wave, r.state, r.run_id AS "runId",
         r.signature, r.problem
       FROM rollout_desa r JOIN rollout ON rollout.id = r.rollout_id JOIN desa d ON d.id = r.desa_id
       LEFT JOIN installation i ON i.desa_id = d.id AND i.app = rollout.app LEFT JOIN server s ON s.id = i.server_id
       WHERE r.rollout_id = $1 ORDER BY r.wave, r.position`,
      [rolloutId],
    )) as DesaRow[];
  }

  private async runs(rolloutId: string): Promise<RunRow[]> {
    return (await this.db.query(
      `SELECT ${RUN_COLUMNS} FROM run WHERE run.rollout_id = $1 AND run.subject_kind = 'gabungan' ORDER BY created_at`,
      [rolloutId],
    )) as RunRow[];
  }
}

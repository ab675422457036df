import type { DataSource } from 'typeorm';
import { Conflict, InvalidInput, NotFound } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import type { LogLine, Run, RunWithSteps } from '#libs/contract/contract.js';
import { covers, within, type Scope } from '#libs/auth/scope.js';
import { insertRun, type StartRun } from './insert-run.js';
import { RUN_COLUMNS, viewOfRun, viewOfStep, type Language, type RunRow, type StepRow } from './run.view.js';

export type { StartRun };
export interface RunFilter {
  state?: string;
  subjectId?: string;
  limit?: number;
  offset?: number;
}

/** What rings after the row is there; the queue implements it. */
export interface Ringer {
  ring(runId: string): Promise<void>;
}

const IN_SCOPE = '($1::uuid[] IS NULL OR kabupaten_id = ANY($1))';

/** The one door through which work begins: a person, the clock and a rollout enter here alike. */
export class RunsService {
  constructor(
    private readonly db: DataSource,
    private readonly bell: Ringer,
  ) {}

  /** Row and audit in one transaction, then the bell. Throws `run-open` when the subject has an open or broken run. */
  async start(scope: Scope, wanted: StartRun): Promise<Run> {
    if (!covers(scope, wanted.kabupatenId)) throw new NotFound('subject-unknown');
    const id = newId();
    const isNew = await this.db.transaction((manager) => insertRun(manager, id, wanted));
    if (!isNew) await this.explain(wanted);
    // A bell that does not ring loses nothing: the sweeper finds the row.
    await this.bell.ring(id).catch(() => undefined);
    return this.show(scope, id);
  }

  private async explain({ subjectKind, subjectId, verb }: StartRun): Promise<never> {
    const [open] = (await this.db.query(
      `SELECT id, verb, state, subject_label AS label FROM run WHERE subject_kind = $1 AND subject_id = $2
       AND (state IN ('queued', 'running', 'undoing') OR (state = 'broken' AND cleared_by IS NULL)) ORDER BY verb = $3 DESC`,
      [subjectKind, subjectId, verb],
    )) as { id: string; verb: string; state: string; label: string }[];
    const data = { runId: open?.id ?? '', verb: open?.verb ?? '', label: open?.label ?? '' };
    throw new Conflict(open?.state === 'broken' ? 'run-broken' : 'run-open', data);
  }

  async list(
    scope: Scope,
    filter: RunFilter = {},
    language: Language = 'id',
  ): Promise<{ items: Run[]; total: number }> {
    const where = `${IN_SCOPE} AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR subject_id = $3)`;
    const values = [within(scope), filter.state ?? null, filter.subjectId ?? null];
    const rows = (await this.db.query(
      `SELECT ${RUN_COLUMNS} FROM run WHERE ${where} ORDER BY created_at DESC LIMIT $4 OFFSET $5`,
      [...values, filter.limit ?? 50, filter.offset ?? 0],
    )) as RunRow[];
    const [{ total }] = (await this.db.query(`SELECT count(*)::int AS total FROM run WHERE ${where}`, values)) as [
      { total: number },
    ];
    return { items: rows.map((row) => viewOfRun(row, language)), total };
  }

  async show(scope: Scope, id: string, language: Language = 'id'): Promise<RunWithSteps> {
    const [row] = (await this.db.query(`SELECT ${RUN_COLUMNS} FROM run WHERE ${IN_SCOPE} AND id::text = $2`, [
      within(scope),
      id,
    ])) as RunRow[];
    if (!row) throw new NotFound('run-unknown', { id });
    const steps = (await this.db.query('SELECT * FROM run_step WHERE run_id = $1 ORDER BY position', [
      id,
    ])) as StepRow[];
    return { ...viewOfRun(row, language), steps: steps.map((step) => viewOfStep(step, language)) };
  }

  async log(scope: Scope, id: string, afterId = 0): Promise<LogLine[]> {
    await this.show(scope, id);
    const rows = (await this.db.query(
      'SELECT id::int, at, level, step, line FROM run_log WHERE run_id = $1 AND id > $2 ORDER BY id LIMIT 2000',
      [id, afterId],
    )) as (Omit<LogLine, 'at'> & { at: Date })[];
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  }

  /** Only what has not begun can be cancelled. */
  async cancel(scope: Scope, id: string, who: string): Promise<RunWithSteps> {
    const run = await this.show(scope, id);
    const [, touched] = (await this.db.query(
      `UPDATE run SET state = 'cancelled', ended_at = now() WHERE id = $1 AND state = 'queued'`,
      [id],
    )) as [unknown, number];
    if (touched === 0) throw new Conflict('run-begun', { id });
    await this.audit(run, who, 'run.cancel', {});
    return this.show(scope, id);
  }

  /** A person looked at a broken run and opens the door for new ones. */
  async clear(scope: Scope, id: string, who: string, reason: string): Promise<RunWithSteps> {
    if (reason.trim().length < 5) throw new InvalidInput('reason-missing');
    const run = await this.show(scope, id);
    const [, touched] = (await this.db.query(
      `UPDATE run SET cleared_by = $2, cleared_reason = $3 WHERE id = $1 AND state = 'broken' AND cleared_by IS NULL`,
      [id, who, reason],
    )) as [unknown, number];
    if (touched === 0) throw new Conflict('run-not-broken', { id });
    await this.audit(run, who, 'run.clear', { reason });
    return this.show(scope, id);
  }

  private async audit(run: Run, who: string, action: string, after: Record<string, unknown>): Promise<void> {
    await this.db.query('INSERT INTO audit (actor, kabupaten_id, action, subject, after) VALUES ($1, $2, $3, $4, $5)', [
      who,
      run.kabupatenId,
      action,
      run.subjectLabel,
      JSON.stringify({ runId: run.id, ...after }),
    ]);
  }
}

import { record } from '#libs/audit/audit.service.js';
import { newId } from '#libs/core/ids.js';
import { insertRun } from '#libs/runs/insert-run.js';
import { dotted } from '#libs/catalog/kode-desa.js';
import type { Decision, Reason } from './rollout.js';
import type { Queries, RolloutRow } from './pg-rollout.js';

export interface Applying {
  manager: Queries;
  rollout: RolloutRow;
  now: Date;
}
/** Runs whose bell is to be rung once the transaction stands. */
export type Rings = string[];
type Of<Do extends Decision['do']> = Extract<Decision, { do: Do }>;
type Applier<Do extends Decision['do']> = (at: Applying, decision: Of<Do>) => Promise<Rings | void>;

export const ROLLOUT_ACTOR = 'rollout';

/** Writes one decision down. Each is guarded by the state it starts from, so that a second time changes nothing. */
export async function apply(at: Applying, decision: Decision): Promise<Rings> {
  const applier = APPLIERS[decision.do] as Applier<Decision['do']>;
  return (await applier(at, decision)) ?? [];
}

const APPLIERS: { [Do in Decision['do']]: Applier<Do> } = {
  'start-phase': startPhase,
  'enter-phase': async ({ manager, rollout }, { phase }) =>
    void (await manager.query(`UPDATE rollout SET phase = $2 WHERE id = $1 AND state = 'running'`, [
      rollout.id,
      phase,
    ])),
  'start-wave': async ({ manager, rollout, now }, { wave }) =>
    void (await manager.query(
      `UPDATE rollout_wave SET state = 'running', started_at = COALESCE(started_at, $3), settled_at = NULL, ended_at = NULL,
         released_at = NULL, released_by = NULL
       WHERE rollout_id = $1 AND position = $2 AND state IN ('waiting', 'failed')`,
      [rollout.id, wave, now],
    )),
  'start-desa': startDesa,
  'end-desa': endDesa,
  'settle-wave': async ({ manager, rollout, now }, { wave }) =>
    void (await manager.query(
      `UPDATE rollout_wave SET settled_at = $3 WHERE rollout_id = $1 AND position = $2 AND state = 'running'`,
      [rollout.id, wave, now],
    )),
  'pass-wave': (at, { wave }) => endWave(at, wave, 'passed'),
  'fail-wave': (at, { wave }) => endWave(at, wave, 'failed'),
  pause: (at, { reason }) => pause(at, ROLLOUT_ACTOR, reason),
  finish: async (at) => {
    await at.manager.query(
      `UPDATE rollout SET state = 'finished', ended_at = $2, reason = NULL WHERE id = $1 AND state = 'running'`,
      [at.rollout.id, at.now],
    );
    await trace(at, ROLLOUT_ACTOR, 'rollout.finish');
  },
};

/** Nothing happens while another run holds the gabungan: the next tick asks again. */
async function startPhase({ manager, rollout, now }: Applying, { phase }: Of<'start-phase'>): Promise<Rings> {
  const { id: rolloutId, releaseId, version, app, rehearsal } = rollout;
  const id = newId();
  const isNew = await insertRun(manager, id, {
    verb: phase,
    subjectKind: 'gabungan',
    subjectId: rollout.gabunganId,
    subjectLabel: rollout.gabungan,
    kabupatenId: rollout.kabupatenId,
    app,
    input: { rolloutId, releaseId, version, app, mode: rehearsal?.verdict ?? null },
    askedBy: ROLLOUT_ACTOR,
    rolloutId,
    at: now,
  });
  return isNew ? [id] : [];
}

async function startDesa({ manager, rollout, now }: Applying, { desaId }: Of<'start-desa'>): Promise<Rings> {
  const [desa] = (await manager.query(
    `SELECT d.code, d.name FROM rollout_desa r JOIN desa d ON d.id = r.desa_id
     WHERE r.rollout_id = $1 AND r.desa_id = $2 AND r.state = 'waiting'`,
    [rollout.id, desaId],
  )) as { code: string; name: string }[];
  if (!desa) return [];
  const id = newId();
  const isNew = await insertRun(manager, id, {
    verb: 'update',
    subjectKind: 'desa',
    subjectId: desaId,
    subjectLabel: `${dotted(desa.code)} ${desa.name}`,
    kabupatenId: rollout.kabupatenId,
    app: rollout.app,
    input: { version: rollout.version, rolloutId: rollout.id },
    askedBy: ROLLOUT_ACTOR,
    rolloutId: rollout.id,
    at: now,
  });
  if (!isNew) return [];
  await manager.query(
    `UPDATE rollout_desa SET state = 'running', run_id = $3, attempts = attempts + 1, started_at = $4
     WHERE rollout_id = $1 AND desa_id = $2`,
    [rollout.id, desaId, id, now],
  );
  return [id];
}

async function endDesa({ manager, rollout, now }: Applying, end: Of<'end-desa'>): Promise<void> {
  await manager.query(
    `UPDATE rollout_desa SET state = $3, ended_at = $4, signature = $5, problem = $6
     WHERE rollout_id = $1 AND desa_id = $2
       AND (state = 'running' OR (state = 'waiting' AND $3 <> 'done') OR (state = 'failed' AND $3 = 'held'))`,
    [rollout.id, end.desaId, end.state, now, end.signature ?? null, end.problem ? JSON.stringify(end.problem) : null],
  );
}

async function endWave({ manager, rollout, now }: Applying, wave: number, state: 'passed' | 'failed'): Promise<void> {
  await manager.query(
    `UPDATE rollout_wave SET state = $3, ended_at = $4 WHERE rollout_id = $1 AND position = $2 AND state = 'running'`,
    [rollout.id, wave, state, now],
  );
}

/** What has not begun begins no more; what has begun ends by itself. */
export async function pause(at: Applying, who: string, reason: Reason): Promise<void> {
  const [, touched] = (await at.manager.query(
    `UPDATE rollout SET state = 'paused', reason = $2 WHERE id = $1 AND state = 'running'`,
    [at.rollout.id, JSON.stringify(reason)],
  )) as [unknown, number];
  if (touched === 0) return;
  await takeBack(at);
  await trace(at, who, 'rollout.pause', reason);
}

/** Runs that wait in the queue are cancelled and their desa wait again. A worker that claimed one meanwhile keeps it. */
export async function takeBack({ manager, rollout, now }: Applying): Promise<void> {
  const [runs] = (await manager.query(
    `UPDATE run SET state = 'cancelled', ended_at = $2 WHERE rollout_id = $1 AND state = 'queued' RETURNING id`,
    [rollout.id, now],
  )) as [{ id: string }[], number];
  await manager.query(
    `UPDATE rollout_desa SET state = 'waiting', run_id = NULL, started_at = NULL
     WHERE rollout_id = $1 AND state = 'running' AND run_id = ANY($2)`,
    [rollout.id, runs.map(({ id }) => id)],
  );
}

export const trace = ({ manager, rollout }: Applying, actor: string, action: string, after?: unknown): Promise<void> =>
  record(manager, {
    actor,
    kabupatenId: rollout.kabupatenId,
    action,
    subject: `${rollout.gabungan} ${rollout.app} ${rollout.version}`,
    after: { rolloutId: rollout.id, ...(after as object) },
  });

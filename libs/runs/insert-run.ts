import type { EntityManager } from 'typeorm';
import { record } from '#libs/audit/audit.service.js';

export interface StartRun {
  verb: string;
  subjectKind: 'desa' | 'gabungan' | 'release' | 'server';
  subjectId: string;
  subjectLabel: string;
  kabupatenId: string;
  app?: string;
  input: Record<string, unknown>;
  askedBy: string;
  /** The rollout that asked for it. */
  rolloutId?: string;
  /** When it was asked for, by the clock of who asks; the database's when not said. */
  at?: Date;
}

/** Row and audit, in the caller's transaction. False when the subject has an open or broken run: nothing is written then. */
export async function insertRun(manager: Pick<EntityManager, 'query'>, id: string, run: StartRun): Promise<boolean> {
  const rows = (await manager.query(
    `INSERT INTO run (id, kabupaten_id, verb, subject_kind, subject_id, subject_label, app, input, state, asked_by, rollout_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'queued', $9, $10, COALESCE($11, now())) ON CONFLICT DO NOTHING RETURNING id`,
    [
      id,
      run.kabupatenId,
      run.verb,
      run.subjectKind,
      run.subjectId,
      run.subjectLabel,
      run.app ?? null,
      JSON.stringify(run.input),
      run.askedBy,
      run.rolloutId ?? null,
      run.at ?? null,
    ],
  )) as unknown[];
  if (rows.length === 0) return false;
  await record(manager, {
    actor: run.askedBy,
    kabupatenId: run.kabupatenId,
    action: `run.${run.verb}`,
    subject: run.subjectLabel,
    after: { runId: id, ...run.input },
  });
  return true;
}

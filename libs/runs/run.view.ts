import type { Problem, Run, Step } from '#libs/contract/contract.js';
import { problemText } from '#libs/contract/problems.js';
import type { StoredProblem } from './journal.js';

export type Language = 'id' | 'en';

export interface RunRow {
  id: string;
  kabupaten_id: string;
  verb: string;
  subject_kind: Run['subjectKind'];
  subject_id: string;
  subject_label: string;
  app: string | null;
  state: Run['state'];
  waiting: string | null;
  problem: StoredProblem | null;
  asked_by: string;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
  expected_seconds: number | null;
}

export interface StepRow {
  position: number;
  name: string;
  state: Step['state'];
  says: string[];
  undo_reason: string | null;
  problem: StoredProblem | null;
  attempts: number;
  started_at: Date | null;
  ended_at: Date | null;
}

/** Expected seconds come from the last twenty runs of this verb and app that ended well. */
export const RUN_COLUMNS = `run.*, (SELECT avg(extract(epoch FROM ended_at - started_at))::float FROM (
  SELECT past.ended_at, past.started_at FROM run past
  WHERE past.verb = run.verb AND past.app IS NOT DISTINCT FROM run.app AND past.state = 'done' AND NOT past.input @> '{"dryRun": true}'
  ORDER BY past.ended_at DESC LIMIT 20) AS history) AS expected_seconds`;

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export function viewOfProblem(stored: StoredProblem | null, language: Language): Problem | null {
  if (!stored) return null;
  const { title, detail, hint, status } = problemText(stored.code, stored.data, language);
  return {
    type: `urn:siappakai:problem:${stored.code}`,
    title,
    status,
    code: stored.code,
    detail,
    hint,
    data: stored.data,
  };
}

export const viewOfRun = (row: RunRow, language: Language): Run => ({
  id: row.id,
  kabupatenId: row.kabupaten_id,
  verb: row.verb,
  subjectKind: row.subject_kind,
  subjectId: row.subject_id,
  subjectLabel: row.subject_label,
  app: row.app,
  state: row.state,
  waiting: row.waiting,
  problem: viewOfProblem(row.problem, language),
  askedBy: row.asked_by,
  createdAt: row.created_at.toISOString(),
  startedAt: iso(row.started_at),
  endedAt: iso(row.ended_at),
  expectedSeconds: row.expected_seconds,
});

export const viewOfStep = (row: StepRow, language: Language): Step => ({
  position: row.position,
  name: row.name,
  state: row.state,
  says: row.says,
  undoReason: row.undo_reason,
  problem: viewOfProblem(row.problem, language),
  attempts: row.attempts,
  startedAt: iso(row.started_at),
  endedAt: iso(row.ended_at),
});

import type { Rollout, RolloutWhole } from '#libs/contract/rollouts.js';
import { viewOfProblem, type Language } from '#libs/runs/run.view.js';
import type { Reason } from './rollout.js';
import { startedAfterMilliseconds } from './wave-lag.js';

type Wave = Rollout['waves'][number];
type Desa = RolloutWhole['desa'][number];
export interface ShownRow {
  id: string;
  kabupaten_id: string;
  gabungan: string;
  app: string;
  version: string;
  state: Rollout['state'];
  phase: Rollout['phase'];
  plan_hash: string;
  asked_by: string;
  approved_by: string | null;
  reason: Reason | null;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
  settings: RolloutWhole['settings'];
  resumed_at: Date | null;
  waves: ShownWave[];
}
interface ShownWave extends Omit<Wave, 'counts' | 'startedAfterMilliseconds'> {
  settledAt: string | null;
  releasedAt: string | null;
  lastResultAt: string | null;
  counts: Partial<Wave['counts']>;
}
export type DesaRow = Omit<Desa, 'problem'> & { problem: Reason | null };

const EMPTY: Wave['counts'] = { waiting: 0, running: 0, done: 0, failed: 0, held: 0, already: 0 };
const iso = (at: Date | string | null): string | null => (at === null ? null : new Date(at).toISOString());

export const viewOfRollout = (row: ShownRow, language: Language): Rollout => ({
  id: row.id,
  kabupatenId: row.kabupaten_id,
  gabungan: row.gabungan,
  app: row.app,
  version: row.version,
  state: row.state,
  phase: row.phase,
  planHash: row.plan_hash,
  askedBy: row.asked_by,
  approvedBy: row.approved_by,
  problem: viewOfProblem(row.reason, language),
  createdAt: row.created_at.toISOString(),
  startedAt: iso(row.started_at),
  endedAt: iso(row.ended_at),
  waves: row.waves.map((wave, index) => viewOfWave(wave, row.waves[index - 1], row)),
});

function viewOfWave(wave: ShownWave, before: ShownWave | undefined, row: ShownRow): Wave {
  const { position, state, startedAt, endedAt, settledAt, releasedBy, counts, lastResultAt } = wave;
  const times = {
    startedAt,
    lastResultAt,
    settledBeforeAt: before?.settledAt ?? null,
    releasedBeforeAt: before?.releasedAt ?? null,
    resumedAt: iso(row.resumed_at),
  };
  return {
    position,
    state,
    startedAt: iso(startedAt),
    settledAt: iso(settledAt),
    endedAt: iso(endedAt),
    releasedBy,
    startedAfterMilliseconds: startedAfterMilliseconds(times, row.settings),
    counts: { ...EMPTY, ...counts },
  };
}

export const viewOfDesa = ({ problem, ...desa }: DesaRow, language: Language): Desa => ({
  ...desa,
  problem: viewOfProblem(problem, language),
});

/** Failures of one cause together, the most frequent first. */
export function failuresOf(desa: readonly DesaRow[], language: Language): RolloutWhole['failures'] {
  const groups = new Map<string, { problem: Reason; desa: string[] }>();
  for (const { state, signature, problem, code } of desa) {
    if (state !== 'failed') continue;
    const key = signature ?? 'unexpected';
    const group = groups.get(key) ?? { problem: problem ?? { code: 'unexpected', data: {} }, desa: [] };
    group.desa.push(code);
    groups.set(key, group);
  }
  return [...groups.entries()]
    .sort(([, left], [, right]) => right.desa.length - left.desa.length)
    .map(([signature, group]) => ({ signature, desa: group.desa, problem: viewOfProblem(group.problem, language)! }));
}

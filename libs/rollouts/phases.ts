import { isRunOpen } from './endings.js';
import type { Decision, Phase, Reason, RolloutSeen } from './rollout.js';
import { endsAfterWindow, migrateSeconds, windowCloses } from './window-end.js';

type EarlyPhase = Exclude<Phase, 'waves'>;

const pause = (reason: Reason): Decision[] => [{ do: 'pause', reason }];

/** The rehearsal saw it; what the pair of releases promised counts only until then. */
const isCodeOnly = (seen: RolloutSeen): boolean => seen.rehearsal?.isCodeOnly ?? seen.isCodeOnly;

const NEXT: Readonly<Record<EarlyPhase, (seen: RolloutSeen) => Phase>> = {
  rehearse: (seen) => (isCodeOnly(seen) ? 'waves' : 'backup'),
  backup: () => 'migrate',
  migrate: () => 'waves',
};

/** A rehearsal is judged by its report, which may be older than the rollout: the clock prepares before it opens. */
function rehearse(seen: RolloutSeen): Decision[] | null {
  if (seen.rehearsal === null) return null;
  if (seen.rehearsal.verdict === 'unusable')
    return pause({ code: 'rehearsal-unusable', data: { version: seen.version } });
  return [{ do: 'enter-phase', phase: NEXT.rehearse(seen) }];
}

function start(seen: RolloutSeen, phase: EarlyPhase, now: Date): Decision[] {
  if (phase === 'migrate' && endsAfterWindow(seen, now, migrateSeconds(seen))) return [windowCloses(seen)];
  return [{ do: 'start-phase', phase }];
}

function afterRun(seen: RolloutSeen, phase: EarlyPhase, run: NonNullable<RolloutSeen['phaseRun']>): Decision[] {
  if (run.state !== 'done') return pause(run.problem ?? { code: 'phase-failed', data: { phase, state: run.state } });
  if (phase !== 'rehearse') return [{ do: 'enter-phase', phase: NEXT[phase](seen) }];
  return pause({ code: 'rehearsal-missing', data: { version: seen.version } });
}

/** Before the waves: every phase is started once, and one that ended badly waits for a person. */
export function decidePhase(seen: RolloutSeen, phase: EarlyPhase, now: Date): Decision[] {
  const { phaseRun } = seen;
  if (isRunOpen(phaseRun)) return [];
  if (phaseRun !== null && phaseRun.state !== 'done') return afterRun(seen, phase, phaseRun);
  const judged = phase === 'rehearse' ? rehearse(seen) : null;
  if (judged) return judged;
  return phaseRun === null ? start(seen, phase, now) : afterRun(seen, phase, phaseRun);
}

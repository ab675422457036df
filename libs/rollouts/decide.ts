import { endingsOf, withEndings } from './endings.js';
import { decidePhase } from './phases.js';
import type { Decision, DesaSeen, RolloutSeen } from './rollout.js';
import { decideWaves } from './waves.js';

/** The order of the plan, however the rows came. */
const byTurn = (left: DesaSeen, right: DesaSeen): number =>
  left.wave - right.wave || left.position - right.position || (left.desaId < right.desaId ? -1 : 1);

const inOrder = (seen: RolloutSeen): RolloutSeen => ({
  ...seen,
  desa: [...seen.desa].sort(byTurn),
  waves: [...seen.waves].sort((left, right) => left.position - right.position),
});

function onward(seen: RolloutSeen, now: Date): Decision[] {
  if (seen.isReleaseWithdrawn)
    return [{ do: 'pause', reason: { code: 'release-withdrawn', data: { version: seen.version } } }];
  return seen.phase === 'waves' ? decideWaves(seen, now) : decidePhase(seen, seen.phase, now);
}

/**
 * What to do next with a rollout: first everything that has ended, then, while it is running, what begins.
 * Pure, so a tick may be repeated, doubled, lost or come late; the same rows give the same answer in any order.
 * Resume is only a change of state: this function finds its way on from the rows (`RolloutSeen.phaseRun`).
 * A retry puts a failed desa back to waiting. A wave that failed goes on once its failures were retried or held.
 */
export function decide(seen: RolloutSeen, now: Date): Decision[] {
  if (seen.state === 'draft' || seen.state === 'approved') return [];
  const ordered = inOrder(seen);
  const endings = endingsOf(ordered, now);
  if (seen.state !== 'running') return endings;
  return [...endings, ...onward(withEndings(ordered, endings), now)];
}

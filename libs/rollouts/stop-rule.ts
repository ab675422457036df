import type { RolloutSettings } from '#libs/contract/rollouts.js';
import type { DesaSeen, DesaState } from './rollout.js';

export interface WaveCounts extends Record<DesaState, number> {
  /** Desa that the wave moves: without the held, the already there and the removed. */
  of: number;
}

export function countsOf(desa: readonly DesaSeen[]): WaveCounts {
  const counts: WaveCounts = { waiting: 0, running: 0, done: 0, failed: 0, already: 0, held: 0, of: 0 };
  for (const { state } of desa) {
    counts[state] += 1;
    if (state !== 'held' && state !== 'already') counts.of += 1;
  }
  return counts;
}

/** More failures than allowed, or a greater share than allowed: either is enough. */
export const isBeyond = (counts: WaveCounts, { failures, percent }: RolloutSettings['stopAfter']): boolean =>
  counts.failed > failures || counts.failed * 100 > percent * counts.of;

export const hasEnded = ({ waiting, running }: WaveCounts): boolean => waiting === 0 && running === 0;

/** A wave in which nobody arrived proves nothing for the next, whatever the rule allows. */
export const isWithoutProof = (counts: WaveCounts): boolean => hasEnded(counts) && counts.of > 0 && counts.done === 0;

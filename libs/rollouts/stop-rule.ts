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

type StopAfter = RolloutSettings['stopAfter'];

/** Only what was given is judged: `{ failures: 3 }` says nothing of a share. A rule that says nothing allows nothing. */
export const isBeyond = ({ failed, of }: WaveCounts, { failures, percent }: StopAfter): boolean => {
  if (failures === undefined && percent === undefined) return failed > 0;
  return (failures !== undefined && failed > failures) || (percent !== undefined && failed * 100 > percent * of);
};

/** What the rule allows, as it is told to people. */
export const allowed = ({ failures, percent }: StopAfter): string[] => [
  ...(failures === undefined && percent !== undefined ? [] : [`${failures ?? 0} desa`]),
  ...(percent === undefined ? [] : [`${percent} %`]),
];

export const hasEnded = ({ waiting, running }: WaveCounts): boolean => waiting === 0 && running === 0;

/** A wave in which nobody arrived proves nothing for the next, whatever the rule allows. */
export const isWithoutProof = (counts: WaveCounts): boolean => hasEnded(counts) && counts.of > 0 && counts.done === 0;

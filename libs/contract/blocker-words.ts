import { problemText } from './problems.js';
import type { RolloutPlan } from './rollouts.js';

type Blocked = Pick<RolloutPlan['desa'][number], 'blockers' | 'newestMonth'>;

/** One sentence for each reason why a desa of a plan is not moved, in the order of its blockers. */
export const blockerWords = ({ blockers, newestMonth }: Blocked, language: 'id' | 'en'): string[] =>
  blockers.map((blocker) => problemText(`blocker-${blocker}`, { month: newestMonth }, language).detail);

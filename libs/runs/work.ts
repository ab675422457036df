import { AppError, asAppError, Away } from '#libs/core/errors.js';
import type { Clock } from '#libs/core/clock.js';
import { inTime } from '#libs/core/retry.js';
import type { Journal } from './journal.js';
import type { Line, Recipe } from './recipe.js';

export const RETRY_MILLISECONDS = 1000;

export interface Work<Target, Tools> {
  recipe: Recipe<Target, Tools>;
  target: Target;
  tools: Tools;
  journal: Journal;
  /** Only `plan` of every step; nothing is changed. */
  dryRun?: boolean;
  /** A run found in `undoing` goes on undoing. */
  undoing?: boolean;
  /** Asked when something outside did not answer: throws `Away` when that was the server itself. */
  askServer?: () => Promise<unknown>;
  /** For work that looks at the server itself: that it is away is what was found, and ends the run. */
  awayFails?: boolean;
  clock?: Clock;
}

export async function endAs<Target, Tools>(work: Work<Target, Tools>, state: 'done' | 'undone'): Promise<void> {
  await work.journal.release();
  await work.journal.run(state);
}

/** Whatever went wrong, when the server is gone then nothing else is known; it may have broken a stream of somebody else. */
export async function awayBehind<Target, Tools>(work: Work<Target, Tools>, error: unknown): Promise<Away | undefined> {
  if (work.awayFails) return undefined;
  if (error instanceof Away) return error;
  const asked = await work.askServer?.().catch((answer: unknown) => answer);
  return asked instanceof Away ? asked : undefined;
}

export const withDeadline = <T, Target, Tools>(
  act: Promise<T>,
  { step, timeoutSeconds }: Line<Target, Tools>,
): Promise<T> =>
  inTime(act, timeoutSeconds * 1000, () => new AppError('step-timeout', { step: step.name, seconds: timeoutSeconds }));

export const describe = (error: unknown): string => {
  const problem = asAppError(error);
  return `${problem.code} ${JSON.stringify(problem.data)}`;
};

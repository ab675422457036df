import { AppError, asAppError, LeaseLost, Unavailable } from '#libs/core/errors.js';
import { systemClock } from '#libs/core/clock.js';
import { hold, ignoreLeaseLost } from './hold.js';
import type { StepRecord } from './journal.js';
import type { Line } from './recipe.js';
import { awayBehind, describe, endAs, RETRY_MILLISECONDS, withDeadline, type Work } from './work.js';

const UNDO_ATTEMPTS = 3;
/** The way back waits for what does not answer: a server whose engine starts anew is there again within it. */
const UNDO_PATIENCE_MILLISECONDS = 180_000;
const LONGEST_PAUSE_MILLISECONDS = 5000;

/** Puts back what was begun, the last first. Ends undone, or broken with what could not be put back. */
export async function undoAll<Target, Tools>(work: Work<Target, Tools>): Promise<void> {
  const records = await work.journal.steps();
  const problems: AppError[] = [];
  for (const record of records.toReversed()) {
    if (!wantsUndo(record)) continue;
    const line = work.recipe.lines[record.position];
    if (!line) continue;
    const problem = await undoLine(work, line, record);
    if (problem) problems.push(problem);
  }
  const [first] = problems;
  if (!first) return endAs(work, 'undone');
  await work.journal.release();
  await work.journal.run('broken', new AppError('undo-failed', { reasons: problems.map(describe) }, first));
}

const wantsUndo = (record: StepRecord): boolean =>
  record.before !== null && ['running', 'done', 'failed', 'undoing', 'undo-failed'].includes(record.state);

async function undoLine<Target, Tools>(
  work: Work<Target, Tools>,
  line: Line<Target, Tools>,
  record: StepRecord,
): Promise<AppError | undefined> {
  const { journal, clock = systemClock } = work;
  const { step } = line;
  await journal.step(record.position, 'undoing');
  for (let tries = 1, waited = 0; ; tries += 1) {
    try {
      await undoHolding(work, line, record.before);
      await journal.step(record.position, 'undone');
      await journal.say('info', step.undo.reason ? `left: ${step.undo.reason}` : 'undone', step.name);
      return undefined;
    } catch (error) {
      if (error instanceof LeaseLost) throw error;
      const away = await awayBehind(work, error);
      if (away) throw away;
      const problem = asAppError(error);
      await journal.say('error', `undo ${tries}: ${describe(problem)}`, step.name);
      const mayCome = problem instanceof Unavailable && waited < UNDO_PATIENCE_MILLISECONDS;
      if (tries >= UNDO_ATTEMPTS && !mayCome) {
        await journal.step(record.position, 'undo-failed', { problem });
        return problem;
      }
      const pause = Math.min(RETRY_MILLISECONDS * tries, LONGEST_PAUSE_MILLISECONDS);
      await clock.sleep(pause);
      waited += pause;
    }
  }
}

/** The way back changes what the way there changed: nobody else may do so meanwhile. */
async function undoHolding<Target, Tools>(
  work: Work<Target, Tools>,
  line: Line<Target, Tools>,
  before: unknown,
): Promise<void> {
  const { target, tools, journal } = work;
  const resource = line.holds?.(target);
  const undo = (): Promise<void> => withDeadline(line.step.undo(target, tools, before), line);
  if (!resource) return undo();
  await hold(work, resource, line.timeoutSeconds);
  try {
    await undo();
  } catch (error) {
    // With the server away it stands half-way, and is nobody else's to change.
    if (error instanceof LeaseLost || (await awayBehind(work, error))) throw error;
    await journal.release(resource).catch(ignoreLeaseLost);
    throw error;
  }
  await journal.release(resource).catch(ignoreLeaseLost);
}

import { AppError, asAppError, LeaseLost, Unavailable } from '#libs/core/errors.js';
import { systemClock } from '#libs/core/clock.js';
import { hold, ignoreLeaseLost } from './hold.js';
import type { StepRecord } from './journal.js';
import type { Line } from './recipe.js';
import type { Planned } from './step.js';
import { undoAll } from './undo.js';
import { awayBehind, describe, endAs, RETRY_MILLISECONDS, withDeadline, type Work } from './work.js';

/**
 * Walks the target down the recipe. Ends in exactly one of done, undone, broken; throws only `LeaseLost`, and `Away` when
 * the server is gone: neither a failure nor a reason to undo, and undoing could not reach it either.
 * Start it again after a crash at any point: finished steps are skipped, a running step keeps its first `before`.
 */
export async function walk<Target, Tools>(work: Work<Target, Tools>): Promise<void> {
  const { recipe, journal } = work;
  await journal.lay(recipe.lines.map(({ step }) => ({ name: step.name, undoReason: step.undo.reason })));
  if (work.dryRun) return planAll(work);
  if (work.undoing) return undoAll(work);
  const isDone = await runAll(work);
  if (isDone) return endAs(work, 'done');
  await undoAll(work);
}

async function planAll<Target, Tools>(work: Work<Target, Tools>): Promise<void> {
  for (const [position, { step }] of work.recipe.lines.entries()) {
    try {
      const { says } = await step.plan(work.target, work.tools);
      await work.journal.step(position, 'skipped', { says });
    } catch (error) {
      if (error instanceof LeaseLost) throw error;
      const problem = asAppError(error);
      await work.journal.step(position, 'failed', { problem });
      return work.journal.run('done', problem);
    }
  }
  await work.journal.run('done');
}

/** False when a step failed: the run is `undoing` before anything else is written, so a crash cannot forget it. */
async function runAll<Target, Tools>(work: Work<Target, Tools>): Promise<boolean> {
  const records = await work.journal.steps();
  for (const [position, line] of work.recipe.lines.entries()) {
    const record = records[position];
    if (record && ['done', 'skipped', 'failed'].includes(record.state)) continue;
    const problem = await runLine(work, line, position, record);
    if (!problem) continue;
    if (!line.pastNoReturn) await work.journal.run('undoing', problem);
    await work.journal.step(position, 'failed', { problem });
    await work.journal.say(line.pastNoReturn ? 'warn' : 'error', describe(problem), line.step.name);
    if (!line.pastNoReturn) return false;
  }
  return true;
}

async function runLine<Target, Tools>(
  work: Work<Target, Tools>,
  line: Line<Target, Tools>,
  position: number,
  record?: StepRecord,
): Promise<AppError | undefined> {
  const resource = line.holds?.(work.target);
  let isKept = false;
  try {
    if (resource && (await isSoAlready(work, line, position, record))) return undefined;
    if (resource) await hold(work, resource, line.timeoutSeconds);
    await withDeadline(attempt(work, line, position, record), line);
    return undefined;
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    const away = await awayBehind(work, error);
    if (!away) return asAppError(error);
    // What stands half-way is nobody else's to change, as after a crash.
    isKept = (await work.journal.steps())[position]?.state === 'running';
    throw away;
  } finally {
    if (resource && !isKept) await work.journal.release(resource).catch(ignoreLeaseLost);
  }
}

/**
 * What is already so needs nobody to wait: only who changes something holds the resource, and looks again then. What
 * looks wrong here may be another's work half-way.
 */
async function isSoAlready<Target, Tools>(
  work: Work<Target, Tools>,
  line: Line<Target, Tools>,
  position: number,
  record?: StepRecord,
): Promise<boolean> {
  if (record?.state === 'running') return false;
  try {
    return (await withDeadline(look(work, line, position), line)) === undefined;
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    return false;
  }
}

/** What the step would do; undefined when it is already so, which is proved and written down. */
async function look<Target, Tools>(
  { target, tools, journal }: Work<Target, Tools>,
  { step }: Line<Target, Tools>,
  position: number,
): Promise<Planned<unknown> | undefined> {
  const planned = await step.plan(target, tools);
  if (planned.says.length > 0) return planned;
  await step.verify(target, tools);
  await journal.step(position, 'skipped');
  return undefined;
}

async function attempt<Target, Tools>(
  work: Work<Target, Tools>,
  line: Line<Target, Tools>,
  position: number,
  record?: StepRecord,
): Promise<void> {
  const { journal } = work;
  let before = record?.before;
  if (record?.state !== 'running') {
    const planned = await look(work, line, position);
    if (!planned) return;
    before = planned.before;
    await journal.begin(position, { ...planned, deadline: deadlineOf(work, line) });
  }
  await tryRepeatedly(work, line, before, position);
  await journal.step(position, 'done');
}

async function tryRepeatedly<Target, Tools>(
  work: Work<Target, Tools>,
  line: Line<Target, Tools>,
  before: unknown,
  position: number,
): Promise<void> {
  const { target, tools, journal, clock = systemClock } = work;
  for (let tries = 1; ; tries += 1) {
    try {
      await line.step.run(target, tools, before);
      return await line.step.verify(target, tools);
    } catch (error) {
      if (tries > (line.retries ?? 0) || !(error instanceof Unavailable)) throw error;
      await journal.say('warn', `${describe(error)}; try ${tries + 1}`, line.step.name);
      await journal.step(position, 'running', { attempts: tries });
      await clock.sleep(RETRY_MILLISECONDS * tries);
    }
  }
}

const deadlineOf = <Target, Tools>(work: Work<Target, Tools>, line: Line<Target, Tools>): Date =>
  new Date((work.clock ?? systemClock).now().getTime() + line.timeoutSeconds * 1000);

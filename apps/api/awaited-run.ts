import type { RunWithSteps } from '#libs/contract/contract.js';
import { systemClock, type Clock } from '#libs/core/clock.js';
import { AppError, Unavailable } from '#libs/core/errors.js';
import { until } from '#libs/core/retry.js';

const ENDED: RunWithSteps['state'][] = ['done', 'undone', 'broken', 'cancelled'];
const PATIENCE_SECONDS = 25;

/** Waits for a short run (a look at a server or a gabungan) and throws its problem unless it ended well. */
export async function endOf(look: () => Promise<RunWithSteps>, clock: Clock = systemClock): Promise<RunWithSteps> {
  let runId = '';
  const ended = async (): Promise<RunWithSteps | undefined> => {
    const run = await look();
    runId = run.id;
    return ENDED.includes(run.state) ? run : undefined;
  };
  const late = (): Error => new Unavailable('check-slow', { runId });
  const run = await until(ended, { timeoutSeconds: PATIENCE_SECONDS, everyMilliseconds: 150, late }, clock);
  if (run.state === 'done') return run;
  throw new AppError(run.problem?.code ?? 'check-failed', {
    ...(run.problem?.data as AppError['data']),
    runId: run.id,
  });
}

import { LeaseLost, Unavailable } from '#libs/core/errors.js';
import { systemClock } from '#libs/core/clock.js';
import type { Work } from './work.js';

/** Waits in line for a resource; says who has it. The wait counts against nobody's deadline but ten times the step's. */
export async function hold<Target, Tools>(
  work: Work<Target, Tools>,
  resource: string,
  timeoutSeconds: number,
): Promise<void> {
  const { journal, clock = systemClock } = work;
  const late = clock.now().getTime() + timeoutSeconds * 10_000;
  for (let told = ''; ;) {
    const { heldBy } = await journal.take(resource);
    if (!heldBy) return told === '' ? undefined : journal.waiting(null);
    if (clock.now().getTime() > late) throw new Unavailable('lock-timeout', { resource, heldBy });
    if (told !== heldBy) await journal.waiting(`${resource}: ${heldBy}`);
    told = heldBy;
    await clock.sleep(300);
  }
}

/** The first write of the next step tells a lost lease; here it must not hide the step's own error. */
export function ignoreLeaseLost(error: unknown): void {
  if (!(error instanceof LeaseLost)) throw error;
}

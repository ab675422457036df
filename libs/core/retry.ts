import { systemClock, type Clock } from './clock.js';

/** Asks `look` until it answers something other than undefined; throws `late()` after the deadline. */
export async function until<T>(
  look: () => Promise<T | undefined>,
  {
    timeoutSeconds,
    everyMilliseconds = 200,
    late,
  }: { timeoutSeconds: number; everyMilliseconds?: number; late: () => Error },
  clock: Clock = systemClock,
): Promise<T> {
  const deadline = clock.now().getTime() + timeoutSeconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (clock.now().getTime() >= deadline) throw late();
    await clock.sleep(everyMilliseconds);
  }
}

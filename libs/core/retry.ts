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

/** What `promise` gives, or `late()` thrown after the deadline; the promise itself goes on, so it must harm nobody. */
export async function inTime<T>(promise: Promise<T>, milliseconds: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), milliseconds);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

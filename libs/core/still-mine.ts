import { AsyncLocalStorage } from 'node:async_hooks';
import { LeaseLost } from './errors.js';

/** A lease as its holder knows it. */
export interface Held {
  runId: string;
  /** Milliseconds of this machine's clock; counted from before it was asked for, so that it never ends too late. */
  until: number;
}

const holding = new AsyncLocalStorage<Held>();

/** Everything that `work` does belongs to this lease. */
export const whileHeld = <T>(held: Held, work: () => Promise<T>): Promise<T> => holding.run(held, work);

/**
 * Asked at every door to the outside (engine, database, backup folder): a worker that was frozen and wakes up after its
 * lease is over touches nothing more, since another one may be at the same step. Work without a lease passes.
 */
export function assertStillMine(): void {
  const held = holding.getStore();
  if (held && Date.now() > held.until) throw new LeaseLost('lease-lost', { runId: held.runId });
}

/** What belongs to no lease although it is done on the way of one. */
export const outsideOfLease = <T>(work: () => T): T => holding.exit(work);

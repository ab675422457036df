import type { Step } from './step.js';

/** One line of a recipe: the step, and what the engine keeps around it. */
export interface Line<Target, Tools> {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each step knows its own `before`
  step: Step<Target, Tools, any>;
  timeoutSeconds: number;
  /** Further tries of run + verify when something outside did not answer. */
  retries?: number;
  /** Resource that no other run may hold meanwhile, e.g. the gabungan; undefined = none. */
  holds?: (target: Target) => string | undefined;
  /** From here on failures are warnings: going back would cost more than going on. */
  pastNoReturn?: boolean;
}

export interface Recipe<Target, Tools> {
  verb: string;
  lines: Line<Target, Tools>[];
}

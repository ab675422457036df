import type { AppError } from '#libs/core/errors.js';
import type { RunState, StepState } from './state.js';

export interface StoredProblem {
  code: string;
  data: Record<string, unknown>;
}

export interface StepRecord {
  position: number;
  name: string;
  state: StepState;
  before: unknown;
  attempts: number;
}

/**
 * What the engine writes down. Every write is fenced: it throws `LeaseLost` when another worker holds the run,
 * so that a worker which lost its lease changes nothing.
 */
export interface Journal {
  steps(): Promise<StepRecord[]>;
  /** Rows for all lines, once; names must match on a resumed run. */
  lay(names: { name: string; undoReason?: string }[]): Promise<void>;
  /** Also tells the log what the step says it will do. */
  begin(position: number, record: { says: string[]; before: unknown; deadline: Date }): Promise<void>;
  step(
    position: number,
    state: StepState,
    more?: { says?: string[]; problem?: AppError; attempts?: number },
  ): Promise<void>;
  run(state: RunState, problem?: AppError): Promise<void>;
  waiting(text: string | null): Promise<void>;
  say(level: 'info' | 'warn' | 'error', line: string, step?: string): Promise<void>;
  /** Takes the resource for this run; answers who has it when it is not free. */
  take(resource: string): Promise<{ heldBy?: string }>;
  release(resource?: string): Promise<void>;
}

export const RUN_STATES = ['queued', 'running', 'done', 'undoing', 'undone', 'broken', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** The only transitions there are (product: States). */
export const RUN_MOVES: Readonly<Record<RunState, readonly RunState[]>> = {
  queued: ['running', 'cancelled'],
  // Back to the queue when its server went away before anything was begun.
  running: ['done', 'undoing', 'queued'],
  undoing: ['undone', 'broken'],
  done: [],
  undone: [],
  broken: [],
  cancelled: [],
};

export const mayMove = (from: RunState, to: RunState): boolean => RUN_MOVES[from].includes(to);
export const isOpen = (state: RunState): boolean => RUN_MOVES[state].length > 0;
/** States from which `to` may be reached: the guard of the UPDATE that moves a run. */
export const statesBefore = (to: RunState): RunState[] => RUN_STATES.filter((from) => mayMove(from, to));

export type StepState = 'waiting' | 'running' | 'done' | 'skipped' | 'failed' | 'undoing' | 'undone' | 'undo-failed';

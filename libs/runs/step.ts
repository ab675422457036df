/**
 * One change of the world and its way back. `Before` is JSON without secrets: it is stored before `run` starts.
 * Steps hand nothing to each other: they read the world or the record.
 */
export interface Step<Target, Tools, Before = unknown> {
  /** verb-noun, stored: renaming needs a migration. */
  readonly name: string;
  /** Looks only; says what run would do (`[]` = already so); throws when it must not be done. */
  plan(target: Target, tools: Tools): Promise<Planned<Before>>;
  /** Does it; safe to repeat after a crash at any point. */
  run(target: Target, tools: Tools, before: Before): Promise<void>;
  /** Looks at the world again; throws unless the promise holds. */
  verify(target: Target, tools: Tools): Promise<void>;
  /** Puts `before` back; fine when run never began or stopped half-way. */
  undo: Undo<Target, Tools, Before>;
}

export interface Planned<Before> {
  says: string[];
  before: Before;
}

export interface Undo<Target, Tools, Before> {
  (target: Target, tools: Tools, before: Before): Promise<void>;
  /** Why there is nothing to undo; shown in the console. */
  reason?: string;
}

/** An undo that leaves the world as it is, with its reason. */
export const leave = (reason: string): Undo<unknown, unknown, unknown> => Object.assign(async () => {}, { reason });

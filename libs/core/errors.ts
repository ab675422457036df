/** What the caller does next decides the class; the code is stable and spoken over HTTP, the CLI and the console. */
export type ErrorData = Record<string, string | number | boolean | null | string[]>;

export class AppError extends Error {
  constructor(
    /** Stable machine word, e.g. `desa-unknown`. Texts per code live in `libs/contract/problems.ts`. */
    readonly code: string,
    readonly data: ErrorData = {},
    cause?: unknown,
  ) {
    super(`${code} ${JSON.stringify(data)}`, { cause });
    this.name = new.target.name;
  }
}

/** Correct the input and ask again (HTTP 422). */
export class InvalidInput extends AppError {}
/** There is no such thing, or it is not yours (HTTP 404). */
export class NotFound extends AppError {}
/** The world is in another state; look, then ask again (HTTP 409). */
export class Conflict extends AppError {}
/** Sign in (HTTP 401). */
export class NotSignedIn extends AppError {}
/** Ask somebody who may (HTTP 403). */
export class Forbidden extends AppError {}
/** Wait, then ask again (HTTP 429). */
export class TooMany extends AppError {}
/** Something outside does not answer; the same call may work later (HTTP 503). */
export class Unavailable extends AppError {}
/** A whole server is away: what was begun there is neither failed nor undone, it waits until the server is back (HTTP 503). */
export class Away extends Unavailable {}
/** Not here and not now: another worker, or this one later, takes the run; it is queued as before (HTTP 503). */
export class NoPlace extends Unavailable {}
/** The world was changed and does not keep the promise of a step. */
export class NotProved extends AppError {}
/** This worker lost its lease: another one goes on. Nothing may be written. */
export class LeaseLost extends AppError {}

export const asAppError = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : new AppError('unexpected', { message: error instanceof Error ? error.message : String(error) }, error);

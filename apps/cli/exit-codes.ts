import type { Problem, Run } from '#libs/contract/contract.js';

/** What a script may rely on. 0 means that everything asked for is so. */
export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  notSignedIn: 3,
  forbidden: 4,
  unknown: 5,
  conflict: 6,
  invalid: 7,
  tooMany: 8,
  unavailable: 9,
  undone: 10,
  broken: 11,
  cancelled: 12,
  partly: 13,
} as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Codes that deserve another exit than their HTTP status gives. */
const BY_CODE: Readonly<Record<string, Exit>> = {
  'login-wrong': EXIT.notSignedIn,
  'login-limited': EXIT.tooMany,
  'server-silent': EXIT.unavailable,
};

const BY_STATUS: Readonly<Record<number, Exit>> = {
  400: EXIT.invalid,
  401: EXIT.notSignedIn,
  403: EXIT.forbidden,
  404: EXIT.unknown,
  409: EXIT.conflict,
  413: EXIT.invalid,
  422: EXIT.invalid,
  429: EXIT.tooMany,
  502: EXIT.unavailable,
  503: EXIT.unavailable,
  504: EXIT.unavailable,
};

export const exitOfProblem = ({ code, status }: Pick<Problem, 'code' | 'status'>): Exit =>
  BY_CODE[code] ?? BY_STATUS[status] ?? EXIT.unexpected;

/** An open run has not failed: whoever only asked for it may go on. */
const BY_STATE: Readonly<Record<Run['state'], Exit>> = {
  queued: EXIT.done,
  running: EXIT.done,
  done: EXIT.done,
  undoing: EXIT.done,
  undone: EXIT.undone,
  broken: EXIT.broken,
  cancelled: EXIT.cancelled,
};
export const exitOfRun = ({ state }: Pick<Run, 'state'>): Exit => BY_STATE[state];

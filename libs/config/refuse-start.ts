import { problemText } from '#libs/contract/problems.js';
import { AppError } from '#libs/core/errors.js';
import { terminalLanguage } from './environment.js';

/** What keeps a process from starting is told in a sentence; what nobody has thought of, with its stack. */
export function refuseStart(error: unknown): never {
  if (error instanceof AppError) {
    const { title, detail, hint } = problemText(error.code, error.data, terminalLanguage());
    console.error(`${title}. ${detail} ${hint}`);
  } else console.error(error);
  process.exit(1);
}

import { inspect } from 'node:util';
import { problemText } from '#libs/contract/problems.js';
import { AppError } from '#libs/core/errors.js';
import { terminalLanguage } from './environment.js';

/** What keeps a process from starting is told in a sentence; what nobody has thought of, with its stack. */
export function refuseStart(error: unknown): never {
  process.stderr.write(`${told(error)}\n`);
  process.exit(1);
}

function told(error: unknown): string {
  if (!(error instanceof AppError)) return inspect(error);
  const { title, detail, hint } = problemText(error.code, error.data, terminalLanguage());
  return `${title}. ${detail} ${hint}`;
}

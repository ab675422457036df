import { InvalidInput } from '#libs/core/errors.js';

/**
 * The only place where argv becomes a string: SSH's protocol has no argv, only one command that the account's shell
 * reads. Every word stands in single quotes, in which a POSIX shell gives no character a meaning; a quote itself ends
 * them, stands escaped, and opens them anew. Throws `argv-malformed` for what no process can be given: no program, a NUL.
 */
export function quoteArgv(argv: readonly string[]): string {
  if (argv.length === 0 || argv[0] === '' || argv.some((word) => word.includes('\0')))
    throw new InvalidInput('argv-malformed', { program: (argv[0] ?? '').replaceAll('\0', '') });
  return argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}

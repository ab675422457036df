/** The environment of a process that we start: ours and some more. Kept here, where the environment is read. */
export const environmentWith = (more: Record<string, string>): NodeJS.ProcessEnv => ({ ...process.env, ...more });

/** The language of the person at this terminal. */
export const terminalLanguage = (): 'id' | 'en' =>
  /^en/.test(process.env['LC_ALL'] ?? process.env['LC_MESSAGES'] ?? process.env['LANG'] ?? '') ? 'en' : 'id';

import { join } from 'node:path';
import { resetOnMachine } from '#libs/auth/first-password.js';
import { readConfig } from '#libs/config/config.js';
import { terminalLanguage } from '#libs/config/environment.js';
import { problemText } from '#libs/contract/problems.js';
import { asAppError } from '#libs/core/errors.js';
import { openDatabase } from '#libs/database/database.js';

/**
 * `npm run reset-password -- <username>`: for the only administrator who forgot it. It opens no door: who may run it has
 * the database already. The audit tells that `setup` did it.
 */
async function main(username = 'admin'): Promise<void> {
  const { databaseUrl, dataFolder } = readConfig();
  const own = databaseUrl ? undefined : await ownPostgres(dataFolder);
  try {
    const db = await openDatabase(databaseUrl?.reveal() ?? own!.url);
    try {
      const password = await resetOnMachine(db, username);
      process.stdout.write(`${username} / ${password.reveal()}\n`);
    } finally {
      await db.destroy();
    }
  } finally {
    await own?.stop();
  }
}

/** Not in the image, where the database is another container. */
async function ownPostgres(dataFolder: string) {
  const { startPostgres } = await import('#libs/database/embedded.js');
  return startPostgres({ folder: join(dataFolder, 'postgres') });
}

main(process.argv[2]).catch((error: unknown) => {
  const { code, data } = asAppError(error);
  const { title, detail, hint } = problemText(code, data, terminalLanguage());
  process.stderr.write(`${title}. ${detail} ${hint}\n`);
  process.exitCode = 1;
});

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { newId } from '#libs/core/ids.js';
import type { Secret } from '#libs/core/secret.js';
import { randomPassword } from '#libs/core/seal.js';
import { record } from '#libs/audit/audit.service.js';
import { withAdvisoryLock } from '#libs/database/advisory-lock.js';
import { hashPassword } from './password.js';

const file = (dataFolder: string): string => join(dataFolder, 'first-admin-password');

/** Creates `admin` when nobody is there yet; its password is answered once and lies in a file until the first login. */
export function createFirstAdmin(db: DataSource, dataFolder: string): Promise<Secret | undefined> {
  return withAdvisoryLock(db, 'first-admin', async () => {
    const [{ empty }] = (await db.query('SELECT NOT EXISTS (SELECT 1 FROM app_user) AS empty')) as [{ empty: boolean }];
    if (!empty) return undefined;
    const password = randomPassword(20);
    // The file first: a crash between the two leaves a password that opens nothing, not a lost one.
    await writeFile(file(dataFolder), `${password.reveal()}\n`, { mode: 0o600 });
    const hash = await hashPassword(password);
    await db.transaction(async (manager) => {
      await manager.query(
        `INSERT INTO app_user (id, username, name, password_hash, role) VALUES ($1, 'admin', 'Administrator', $2, 'admin')`,
        [newId(), hash],
      );
      await record(manager, { actor: 'setup', action: 'user.add', subject: 'admin', after: { role: 'admin' } });
    });
    return password;
  });
}

export const forgetFirstPassword = (dataFolder: string): Promise<void> => rm(file(dataFolder), { force: true });

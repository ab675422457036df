import type { DataSource } from 'typeorm';
import { record } from '#libs/audit/audit.service.js';
import type { Secret } from '#libs/core/secret.js';
import { randomPassword } from '#libs/core/seal.js';
import { hashPassword } from './password.js';
import { findUser, type Queries } from './user-row.js';

/** Long enough to be safe, short enough to be typed from a slip of paper. */
export const newFirstPassword = (): Secret => randomPassword(16);

/** The old one opens nothing any more, every session ends, and tokens wait until the person has chosen a new one. */
export async function giveFirstPassword(manager: Queries, userId: string): Promise<Secret> {
  const password = newFirstPassword();
  await manager.query('UPDATE app_user SET password_hash = $2, must_change_password = true WHERE id = $1', [
    userId,
    await hashPassword(password),
  ]);
  await manager.query('DELETE FROM session WHERE user_id = $1', [userId]);
  return password;
}

/** For whoever has the machine and with it the database; when nobody else may reset the password. Throws `user-unknown`. */
export const resetOnMachine = (db: DataSource, username: string): Promise<Secret> =>
  db.transaction(async (manager) => {
    const { id } = await findUser(manager, { kabupatenIds: 'all' }, username);
    const password = await giveFirstPassword(manager, id);
    await record(manager, { actor: 'setup', action: 'user.reset-password', subject: username });
    return password;
  });

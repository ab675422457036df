import type { DataSource } from 'typeorm';
import type { Secret } from '#libs/core/secret.js';
import type { Role } from './role.js';
import { hashToken } from './password.js';
import type { Scope } from './scope.js';

/** Who asks: a signed-in user or the owner of a token. */
export interface Person {
  userId: string;
  username: string;
  name: string;
  role: Role;
  scope: Scope;
  language: 'id' | 'en';
  /** Came with a first password; may do nothing but change it. */
  mustChangePassword: boolean;
}

interface UserRow {
  id: string;
  username: string;
  name: string;
  role: Role;
  kabupaten_ids: string[];
  language: 'id' | 'en';
  must_change_password: boolean;
}

/** No kabupaten named = every kabupaten. */
export const personOf = (row: UserRow): Person => ({
  userId: row.id,
  username: row.username,
  name: row.name,
  role: row.role,
  scope: { kabupatenIds: row.kabupaten_ids.length === 0 ? 'all' : row.kabupaten_ids },
  language: row.language === 'en' ? 'en' : 'id',
  mustChangePassword: row.must_change_password,
});

const COLUMNS = 'u.id, u.username, u.name, u.role, u.kabupaten_ids, u.language, u.must_change_password';

export async function personOfSession(db: DataSource, token: Secret): Promise<Person | undefined> {
  const rows = (await db.query(
    `SELECT ${COLUMNS} FROM session s JOIN app_user u ON u.id = s.user_id
     WHERE s.token_hash = $1 AND s.expires_at > now() AND u.disabled_at IS NULL`,
    [hashToken(token)],
  )) as UserRow[];
  return rows[0] && personOf(rows[0]);
}

/** Notes the use at most once a minute: a script that asks often must not write each time. */
export async function personOfToken(db: DataSource, token: Secret): Promise<Person | undefined> {
  const hash = hashToken(token);
  const rows = (await db.query(
    `SELECT ${COLUMNS}, t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 minute' AS stale
     FROM api_token t JOIN app_user u ON u.id = t.user_id
     WHERE t.token_hash = $1 AND t.expires_at > now() AND u.disabled_at IS NULL`,
    [hash],
  )) as (UserRow & { stale: boolean })[];
  if (rows[0]?.stale) await db.query('UPDATE api_token SET last_used_at = now() WHERE token_hash = $1', [hash]);
  return rows[0] && personOf(rows[0]);
}

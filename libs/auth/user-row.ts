import type { EntityManager } from 'typeorm';
import type { User } from '#libs/contract/people.js';
import { Conflict, Forbidden, NotFound } from '#libs/core/errors.js';
import type { Role } from './role.js';
import { within, type Scope } from './scope.js';

export type Queries = Pick<EntityManager, 'query'>;

export interface UserRow {
  id: string;
  username: string;
  name: string;
  role: Role;
  /** Empty: every kabupaten. */
  kabupatenIds: string[];
  disabledAt: Date | null;
}

/** Users whose whole scope lies within one's own; who sees every kabupaten is seen only by such as well. */
export const USER_IN_SCOPE = `($1::uuid[] IS NULL OR (u.kabupaten_ids <> '{}' AND u.kabupaten_ids <@ $1))`;

/** Throws `user-unknown`, also for one beyond the scope. */
export async function findUser(db: Queries, scope: Scope, username: string): Promise<UserRow> {
  const [found] = (await db.query(
    `SELECT u.id, u.username, u.name, u.role, u.kabupaten_ids AS "kabupatenIds", u.disabled_at AS "disabledAt"
     FROM app_user u WHERE ${USER_IN_SCOPE} AND u.username = $2`,
    [within(scope), username],
  )) as UserRow[];
  if (!found) throw new NotFound('user-unknown', { username });
  return found;
}

/** Throws `user-scope-too-wide` for every kabupaten beyond one's own, `kabupaten-unknown` for a foreign one. */
export async function kabupatenIdsOf(db: Queries, scope: Scope, codes: string[]): Promise<string[]> {
  if (codes.length === 0 && scope.kabupatenIds !== 'all') throw new Forbidden('user-scope-too-wide');
  const wanted = [...new Set(codes.map((code) => code.replaceAll('.', '')))];
  const rows = (await db.query(
    'SELECT id, code FROM kabupaten WHERE ($1::uuid[] IS NULL OR id = ANY($1)) AND code = ANY($2) ORDER BY code',
    [within(scope), wanted],
  )) as { id: string; code: string }[];
  const missing = wanted.find((code) => !rows.some((row) => row.code === code));
  if (missing !== undefined) throw new NotFound('kabupaten-unknown', { code: missing });
  return rows.map(({ id }) => id);
}

type Standing = Pick<UserRow, 'role' | 'kabupatenIds' | 'disabledAt'>;
const isAdminOfAll = ({ role, kabupatenIds, disabledAt }: Standing): boolean =>
  role === 'admin' && kabupatenIds.length === 0 && disabledAt === null;

/** Somebody must remain who may do everything everywhere: no one else could make such a person again. */
export async function assertAdminRemains(db: Queries, before: UserRow, after: Standing): Promise<void> {
  if (!isAdminOfAll(before) || isAdminOfAll(after)) return;
  const others = (await db.query(
    `SELECT 1 FROM app_user WHERE role = 'admin' AND kabupaten_ids = '{}' AND disabled_at IS NULL AND id <> $1 LIMIT 1`,
    [before.id],
  )) as unknown[];
  if (others.length === 0) throw new Conflict('last-admin', { username: before.username });
}

/** The kabupaten whose admins may read of it in the audit: the only one it is about. */
export const onlyOf = (...ids: string[][]): string | undefined => {
  const all = new Set(ids.flat());
  return all.size === 1 && ids.every((each) => each.length > 0) ? [...all][0] : undefined;
};

export const USER_COLUMNS = `u.username, u.name, u.role, u.must_change_password AS "mustChangePassword",
  u.created_at AS "createdAt", u.last_login_at AS "lastLoginAt", u.disabled_at AS "disabledAt",
  coalesce((SELECT json_agg(json_build_object('code', k.code, 'name', k.name) ORDER BY k.code)
            FROM kabupaten k WHERE k.id = ANY(u.kabupaten_ids)), '[]') AS kabupaten`;

export type ShownRow = Omit<User, 'createdAt' | 'lastLoginAt' | 'disabledAt'> &
  Record<'lastLoginAt' | 'disabledAt', Date | null> & { createdAt: Date };

export const userOf = (row: ShownRow): User => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  lastLoginAt: row.lastLoginAt?.toISOString() ?? null,
  disabledAt: row.disabledAt?.toISOString() ?? null,
});

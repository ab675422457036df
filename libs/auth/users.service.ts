import type { DataSource, EntityManager } from 'typeorm';
import { record } from '#libs/audit/audit.service.js';
import type { FirstPassword, User, UserChange, UserNew } from '#libs/contract/people.js';
import { Conflict, InvalidInput } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import { giveFirstPassword, newFirstPassword } from './first-password.js';
import { hashPassword } from './password.js';
import type { Person } from './person.js';
import { within, type Scope } from './scope.js';
import {
  assertAdminRemains,
  findUser,
  kabupatenIdsOf,
  onlyOf,
  USER_COLUMNS,
  USER_IN_SCOPE,
  userOf,
  type ShownRow,
  type UserRow,
} from './user-row.js';

/** They stand in the audit for what no person did. */
const RESERVED = ['clock', 'setup', 'worker'];
const WHERE = `${USER_IN_SCOPE} AND ($2 = '' OR concat_ws(' ', u.username, u.name) ILIKE '%' || $2 || '%')`;

/** Users, made and changed by admins within their own scope; a limited admin neither sees nor makes anybody beyond it. */
export class UsersService {
  constructor(private readonly db: DataSource) {}

  async list(scope: Scope, { q = '', limit = 50, offset = 0 } = {}): Promise<{ items: User[]; total: number }> {
    const values = [within(scope), q.replaceAll(/[\\%_]/g, '\\$&')];
    const rows = (await this.db.query(
      `SELECT ${USER_COLUMNS} FROM app_user u WHERE ${WHERE} ORDER BY u.username LIMIT $3 OFFSET $4`,
      [...values, limit, offset],
    )) as ShownRow[];
    const [{ total }] = (await this.db.query(
      `SELECT count(*)::int AS total FROM app_user u WHERE ${WHERE}`,
      values,
    )) as [{ total: number }];
    return { items: rows.map(userOf), total };
  }

  async show(scope: Scope, username: string): Promise<User> {
    const { id } = await findUser(this.db, scope, username);
    const [row] = (await this.db.query(`SELECT ${USER_COLUMNS} FROM app_user u WHERE u.id = $1`, [id])) as [ShownRow];
    return userOf(row);
  }

  /** Throws `user-taken`, `username-reserved`, `user-scope-too-wide`, `kabupaten-unknown`. */
  async add(by: Person, wish: UserNew): Promise<FirstPassword> {
    const { username, name, role } = wish;
    if (RESERVED.includes(username)) throw new InvalidInput('username-reserved', { username });
    const password = newFirstPassword();
    const hash = await hashPassword(password);
    await this.db.transaction(async (manager) => {
      const ids = await kabupatenIdsOf(manager, by.scope, wish.kabupaten);
      const made = (await manager.query(
        `INSERT INTO app_user (id, username, name, password_hash, role, kabupaten_ids, must_change_password)
         VALUES ($1, $2, $3, $4, $5, $6, true) ON CONFLICT (username) DO NOTHING RETURNING id`,
        [newId(), username, name, hash, role, ids],
      )) as unknown[];
      if (made.length === 0) throw new Conflict('user-taken', { username });
      await record(manager, {
        ...{ actor: by.username, kabupatenId: onlyOf(ids), action: 'user.add', subject: username },
        after: { name, role, kabupaten: await codesOf(manager, ids) },
      });
    });
    return { username, password: password.reveal() };
  }

  /** Throws `last-admin` when nobody would be left who may do everything everywhere. */
  change(by: Person, username: string, change: UserChange): Promise<void> {
    return this.changing(by, username, async (manager, before) => {
      const { name = before.name, role = before.role } = change;
      const codes = change.kabupaten;
      const kabupatenIds = codes ? await kabupatenIdsOf(manager, by.scope, codes) : before.kabupatenIds;
      await assertAdminRemains(manager, before, { ...before, role, kabupatenIds });
      await manager.query('UPDATE app_user SET name = $2, role = $3, kabupaten_ids = $4 WHERE id = $1', [
        ...[before.id, name, role, kabupatenIds],
      ]);
      const was = { name: before.name, role: before.role, kabupaten: await codesOf(manager, before.kabupatenIds) };
      const is = { name, role, kabupaten: await codesOf(manager, kabupatenIds) };
      const kabupatenId = onlyOf(before.kabupatenIds, kabupatenIds);
      await record(manager, {
        ...{ actor: by.username, kabupatenId, action: 'user.change', subject: username },
        ...{ before: was, after: is },
      });
    });
  }

  /** Sessions and tokens are gone with it; enabling brings neither back. */
  disable(by: Person, username: string): Promise<void> {
    assertSomebodyElse(by, username);
    return this.changing(by, username, async (manager, before) => {
      if (before.disabledAt) return;
      await assertAdminRemains(manager, before, { ...before, disabledAt: new Date() });
      await manager.query('UPDATE app_user SET disabled_at = now() WHERE id = $1', [before.id]);
      await manager.query('DELETE FROM session WHERE user_id = $1', [before.id]);
      await manager.query('DELETE FROM api_token WHERE user_id = $1', [before.id]);
      await trace(manager, by, 'user.disable', before);
    });
  }

  enable(by: Person, username: string): Promise<void> {
    return this.changing(by, username, async (manager, before) => {
      if (!before.disabledAt) return;
      await manager.query('UPDATE app_user SET disabled_at = NULL WHERE id = $1', [before.id]);
      await trace(manager, by, 'user.enable', before);
    });
  }

  /** One's own password asks for the old one: whoever found a session open must not take the account with it. */
  async resetPassword(by: Person, username: string): Promise<FirstPassword> {
    assertSomebodyElse(by, username);
    const password = await this.changing(by, username, async (manager, before) => {
      await trace(manager, by, 'user.reset-password', before);
      return giveFirstPassword(manager, before.id);
    });
    return { username, password: password.reveal() };
  }

  /** One change of people at a time: two admins who disable each other must not both succeed. */
  private changing<T>(
    by: Person,
    username: string,
    work: (manager: EntityManager, before: UserRow) => Promise<T>,
  ): Promise<T> {
    return this.db.transaction(async (manager) => {
      await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('people', 0))`);
      return work(manager, await findUser(manager, by.scope, username));
    });
  }
}

function assertSomebodyElse(by: Person, username: string): void {
  if (by.username === username) throw new Conflict('user-is-you', { username });
}

const codesOf = async (manager: EntityManager, ids: string[]): Promise<string[]> =>
  (
    (await manager.query('SELECT code FROM kabupaten WHERE id = ANY($1) ORDER BY code', [ids])) as { code: string }[]
  ).map(({ code }) => code);

const trace = (manager: EntityManager, by: Person, action: string, { username, kabupatenIds }: UserRow) =>
  record(manager, { actor: by.username, kabupatenId: onlyOf(kabupatenIds), action, subject: username });

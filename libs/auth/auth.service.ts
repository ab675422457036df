import type { DataSource } from 'typeorm';
import { zoneOf } from '#libs/catalog/custom.js';
import { InvalidInput, NotFound, NotSignedIn } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import type { Secret } from '#libs/core/secret.js';
import { record } from '#libs/audit/audit.service.js';
import type { Me, TokenMade, TokenShown } from '#libs/contract/contract.js';
import { forgetFirstPassword } from './first-admin.js';
import { assertMayTry, forgetFailures, noteFailure } from './login-limit.js';
import { hashPassword, hashToken, newToken, verifyPassword } from './password.js';
import type { Person } from './person.js';

const SESSION_HOURS = 12;

export interface Session {
  token: Secret;
  expiresAt: Date;
}

export class AuthService {
  constructor(
    private readonly db: DataSource,
    private readonly dataFolder: string,
  ) {}

  /** Throws `login-wrong`, the same for an unknown name and a wrong password; `login-limited` after many failures. */
  async login(username: string, password: Secret, address: string): Promise<Session> {
    await assertMayTry(this.db, username, address);
    const [user] = (await this.db.query('SELECT id, password_hash AS hash FROM app_user WHERE username = $1', [
      username,
    ])) as { id: string; hash: string }[];
    if (!(await verifyPassword(user?.hash, password))) {
      await noteFailure(this.db, username, address);
      throw new NotSignedIn('login-wrong');
    }
    await forgetFailures(this.db, username, address);
    if (username === 'admin') await forgetFirstPassword(this.dataFolder);
    return this.open(user!.id, username);
  }

  private async open(userId: string, username: string): Promise<Session> {
    const token = newToken();
    const expiresAt = new Date(Date.now() + SESSION_HOURS * 3_600_000);
    await this.db.transaction(async (manager) => {
      await manager.query('DELETE FROM session WHERE expires_at < now()');
      await manager.query('INSERT INTO session (token_hash, user_id, expires_at) VALUES ($1, $2, $3)', [
        hashToken(token),
        userId,
        expiresAt,
      ]);
      await record(manager, { actor: username, action: 'session.open', subject: username });
    });
    return { token, expiresAt };
  }

  async logout(person: Person, token: Secret): Promise<void> {
    await this.db.transaction(async (manager) => {
      await manager.query('DELETE FROM session WHERE token_hash = $1', [hashToken(token)]);
      await record(manager, { actor: person.username, action: 'session.close', subject: person.username });
    });
  }

  async me(person: Person): Promise<Me> {
    const ids = person.scope.kabupatenIds;
    const kabupaten = (await this.db.query(
      'SELECT id, code, name FROM kabupaten WHERE $1::uuid[] IS NULL OR id = ANY($1) ORDER BY code',
      [ids === 'all' ? null : ids],
    )) as Omit<Me['kabupaten'][number], 'zone'>[];
    const { username, name, role, language } = person;
    return { username, name, role, language, kabupaten: kabupaten.map((one) => ({ ...one, zone: zoneOf(one.code) })) };
  }

  /** All other sessions end: whoever knew the old password is out. */
  async changePassword(person: Person, current: Secret, next: Secret): Promise<void> {
    const [user] = (await this.db.query('SELECT password_hash AS hash FROM app_user WHERE id = $1', [
      person.userId,
    ])) as { hash: string }[];
    if (!(await verifyPassword(user?.hash, current))) throw new InvalidInput('password-wrong');
    const hash = await hashPassword(next);
    await this.db.transaction(async (manager) => {
      await manager.query('UPDATE app_user SET password_hash = $2 WHERE id = $1', [person.userId, hash]);
      await manager.query('DELETE FROM session WHERE user_id = $1', [person.userId]);
      await record(manager, { actor: person.username, action: 'user.password', subject: person.username });
    });
  }

  async addToken(person: Person, name: string, days: number): Promise<TokenMade> {
    const token = newToken();
    const made = { id: newId(), name, expiresAt: new Date(Date.now() + days * 86_400_000).toISOString() };
    await this.db.transaction(async (manager) => {
      await manager.query(
        'INSERT INTO api_token (id, user_id, name, token_hash, expires_at) VALUES ($1, $2, $3, $4, $5)',
        [made.id, person.userId, name, hashToken(token), made.expiresAt],
      );
      await record(manager, { actor: person.username, action: 'token.add', subject: name, after: made });
    });
    return { ...made, token: token.reveal() };
  }

  async tokens(person: Person): Promise<{ items: TokenShown[]; total: number }> {
    const rows = (await this.db.query(
      `SELECT id, name, expires_at AS "expiresAt", last_used_at AS "lastUsedAt", created_at AS "createdAt"
       FROM api_token WHERE user_id = $1 ORDER BY created_at DESC`,
      [person.userId],
    )) as { id: string; name: string; expiresAt: Date; lastUsedAt: Date | null; createdAt: Date }[];
    const items = rows.map((row) => ({
      id: row.id,
      name: row.name,
      expiresAt: row.expiresAt.toISOString(),
      lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
      createdAt: row.createdAt.toISOString(),
    }));
    return { items, total: items.length };
  }

  async removeToken(person: Person, id: string): Promise<void> {
    await this.db.transaction(async (manager) => {
      const [rows] = (await manager.query('DELETE FROM api_token WHERE user_id = $1 AND id::text = $2 RETURNING name', [
        person.userId,
        id,
      ])) as [{ name: string }[], number];
      if (!rows[0]) throw new NotFound('token-unknown', { id });
      await record(manager, { actor: person.username, action: 'token.remove', subject: rows[0].name });
    });
  }
}

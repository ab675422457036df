import type { DataSource } from 'typeorm';
import { zoneOf } from '#libs/catalog/custom.js';
import { InvalidInput, NotSignedIn } from '#libs/core/errors.js';
import type { Secret } from '#libs/core/secret.js';
import { record } from '#libs/audit/audit.service.js';
import type { Me } from '#libs/contract/contract.js';
import { forgetFirstPassword } from './first-admin.js';
import { assertMayTry, forgetFailures, noteFailure } from './login-limit.js';
import { hashPassword, hashToken, newToken, verifyPassword } from './password.js';
import type { Person } from './person.js';

const SESSION_HOURS = 12;

export interface Session {
  token: Secret;
  expiresAt: Date;
}

export interface PasswordChange {
  current: Secret;
  next: Secret;
  session?: Secret;
}

export class AuthService {
  constructor(
    private readonly db: DataSource,
    private readonly dataFolder: string,
  ) {}

  /**
   * Throws `login-wrong`, the same for an unknown name and a wrong password; `login-limited` after many failures;
   * `user-disabled` only to who knows the password.
   */
  async login(username: string, password: Secret, address: string): Promise<Session> {
    await assertMayTry(this.db, username, address);
    const [user] = (await this.db.query(
      'SELECT id, password_hash AS hash, disabled_at IS NOT NULL AS "isDisabled" FROM app_user WHERE username = $1',
      [username],
    )) as { id: string; hash: string; isDisabled: boolean }[];
    if (!(await verifyPassword(user?.hash, password))) {
      await noteFailure(this.db, username, address);
      throw new NotSignedIn('login-wrong');
    }
    await forgetFailures(this.db, username, address);
    if (user!.isDisabled) throw new NotSignedIn('user-disabled', { username });
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
      await manager.query('UPDATE app_user SET last_login_at = now() WHERE id = $1', [userId]);
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
    const { username, name, role, language, mustChangePassword } = person;
    const zoned = kabupaten.map((one) => ({ ...one, zone: zoneOf(one.code) }));
    const isEverywhere = ids === 'all';
    return { username, name, role, language, mustChangePassword, isEverywhere, kabupaten: zoned };
  }

  /** All other sessions end: whoever knew the old password is out. `session` is the one that asks, if any. */
  async changePassword(person: Person, { current, next, session }: PasswordChange): Promise<void> {
    const [user] = (await this.db.query('SELECT password_hash AS hash FROM app_user WHERE id = $1', [
      person.userId,
    ])) as { hash: string }[];
    if (!(await verifyPassword(user?.hash, current))) throw new InvalidInput('password-wrong');
    if (current.reveal() === next.reveal()) throw new InvalidInput('password-same');
    const hash = await hashPassword(next);
    await this.db.transaction(async (manager) => {
      await manager.query('UPDATE app_user SET password_hash = $2, must_change_password = false WHERE id = $1', [
        person.userId,
        hash,
      ]);
      await manager.query('DELETE FROM session WHERE user_id = $1 AND token_hash IS DISTINCT FROM $2', [
        person.userId,
        session ? hashToken(session) : null,
      ]);
      await record(manager, { actor: person.username, action: 'user.password', subject: person.username });
    });
  }
}

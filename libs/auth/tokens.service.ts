import type { DataSource } from 'typeorm';
import { record } from '#libs/audit/audit.service.js';
import type { TokenMade, TokenShown } from '#libs/contract/contract.js';
import { NotFound } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import { hashToken, newToken } from './password.js';
import type { Person } from './person.js';
import { findUser } from './user-row.js';

type TokenRow = Record<'expiresAt' | 'createdAt', Date> & { id: string; name: string; lastUsedAt: Date | null };

/** What programs show instead of a password. A token is told once; only its hash is kept. */
export class TokensService {
  constructor(private readonly db: DataSource) {}

  async add(person: Person, name: string, days: number): Promise<TokenMade> {
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

  list(person: Person): Promise<{ items: TokenShown[]; total: number }> {
    return this.of(person.userId);
  }

  /** Of somebody within the scope. Throws `user-unknown`. */
  async listOf(by: Person, username: string): Promise<{ items: TokenShown[]; total: number }> {
    return this.of((await findUser(this.db, by.scope, username)).id);
  }

  private async of(userId: string): Promise<{ items: TokenShown[]; total: number }> {
    const rows = (await this.db.query(
      `SELECT id, name, expires_at AS "expiresAt", last_used_at AS "lastUsedAt", created_at AS "createdAt"
       FROM api_token WHERE user_id = $1 ORDER BY created_at DESC, id`,
      [userId],
    )) as TokenRow[];
    const items = rows.map(({ id, name, expiresAt, lastUsedAt, createdAt }) => ({
      ...{ id, name, expiresAt: expiresAt.toISOString(), createdAt: createdAt.toISOString() },
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    }));
    return { items, total: items.length };
  }

  remove(person: Person, id: string): Promise<void> {
    return this.drop(person, { id: person.userId, username: person.username }, id);
  }

  async removeOf(by: Person, username: string, id: string): Promise<void> {
    await this.drop(by, await findUser(this.db, by.scope, username), id);
  }

  private drop(by: Person, owner: { id: string; username: string }, id: string): Promise<void> {
    return this.db.transaction(async (manager) => {
      const [rows] = (await manager.query('DELETE FROM api_token WHERE user_id = $1 AND id::text = $2 RETURNING name', [
        owner.id,
        id,
      ])) as [{ name: string }[], number];
      if (!rows[0]) throw new NotFound('token-unknown', { id });
      const subject = owner.id === by.userId ? rows[0].name : `${owner.username} ${rows[0].name}`;
      await record(manager, { actor: by.username, action: 'token.remove', subject });
    });
  }
}

import { randomUUID } from 'node:crypto';
import { page, tokenMade, tokenShown, type TokenShown } from '#libs/contract/contract.js';
import { firstPassword, user, type User } from '#libs/contract/people.js';
import { find, list, Refusal, type Route } from './fake-answers.js';
import type { Fleet } from './fake-fleet.js';
import type { Session } from './fake-routes.js';

const SEEN = '2026-01-05T02:10:00.000Z';
const PASSWORD = 'Ab3dEf6hJk9mNp2q';

export const aUser = (username: string, more: Partial<User> = {}): User => ({
  ...{ username, name: username, role: 'operator', kabupaten: [], mustChangePassword: false },
  ...{ createdAt: SEEN, lastLoginAt: SEEN, disabledAt: null, ...more },
});

export const aToken = (name: string, lastUsedAt: string | null = SEEN): TokenShown => ({
  ...{ id: randomUUID(), name, lastUsedAt, createdAt: SEEN },
  expiresAt: new Date(Date.now() + 30 * 86_400_000).toISOString(),
});

/** Users, their passwords and tokens; the one who is signed in is `admin`. */
export function peopleRoutes(fleet: Fleet, session: Session): Route[] {
  const kabupaten = fleet.kabupaten.map(({ code, name }) => ({ code, name }));
  const users = [
    aUser('admin', { name: 'Admin', role: 'admin' }),
    aUser('sari', { name: 'Sari Wulandari', kabupaten }),
    aUser('tono', { name: 'Tono', kabupaten, disabledAt: SEEN }),
  ];
  const tokens = new Map<string, TokenShown[]>([['sari', [aToken('skrip pendaftaran'), aToken('coba', null)]]]);
  const one = (username?: string): User => find(users, (known) => known.username === username);
  const set = (username: string | undefined, change: Partial<User>) => ({
    schema: user,
    body: Object.assign(one(username), change),
  });
  const scopeOf = (codes: unknown): User['kabupaten'] =>
    kabupaten.filter(({ code }) => (codes as string[]).includes(code));
  const revoke = (username: string, id?: string) => {
    tokens.set(
      username,
      (tokens.get(username) ?? []).filter((known) => known.id !== id),
    );
    return { status: 204 };
  };
  return [
    [
      'GET',
      /^\/users$/,
      (_, __, query) =>
        list(
          user,
          users.filter(({ username, name }) => `${username} ${name}`.includes(query.get('q') ?? '')),
          query,
        ),
    ],
    [
      'POST',
      /^\/users$/,
      (_, body) => {
        if (users.some(({ username }) => username === body.username))
          throw new Refusal({ status: 409, code: 'user-taken', title: 'Nama pengguna sudah dipakai' });
        const { username = '', name = '', role } = body;
        const made = { name, role: role as User['role'], kabupaten: scopeOf(body.kabupaten) };
        users.push(aUser(username, { ...made, mustChangePassword: true, lastLoginAt: null }));
        return { schema: firstPassword, body: { username, password: PASSWORD }, status: 201 };
      },
    ],
    ['GET', /^\/users\/([^/]+)$/, ([username]) => ({ schema: user, body: one(username) })],
    [
      'PATCH',
      /^\/users\/([^/]+)$/,
      ([username], { name, role, kabupaten: codes }) =>
        set(username, { name, role: role as User['role'], kabupaten: scopeOf(codes) }),
    ],
    ['POST', /^\/users\/([^/]+)\/disable$/, ([username]) => set(username, { disabledAt: SEEN })],
    ['POST', /^\/users\/([^/]+)\/enable$/, ([username]) => set(username, { disabledAt: null })],
    [
      'POST',
      /^\/users\/([^/]+)\/reset-password$/,
      ([username]) => {
        one(username).mustChangePassword = true;
        return { schema: firstPassword, body: { username, password: PASSWORD } };
      },
    ],
    [
      'GET',
      /^\/users\/([^/]+)\/tokens$/,
      ([username], _, query) => list(tokenShown, tokens.get(username!) ?? [], query),
    ],
    ['DELETE', /^\/users\/([^/]+)\/tokens\/([^/]+)$/, ([username, id]) => revoke(username!, id)],
    [
      'GET',
      /^\/tokens$/,
      () => {
        const items = tokens.get('admin') ?? [];
        return { schema: page(tokenShown), body: { items, total: items.length } };
      },
    ],
    [
      'POST',
      /^\/tokens$/,
      (_, { name = '' }) => {
        const made = aToken(name, null);
        tokens.set('admin', [made, ...(tokens.get('admin') ?? [])]);
        return { schema: tokenMade, body: { ...made, token: 'tQ7rahasiaSekali' }, status: 201 };
      },
    ],
    ['DELETE', /^\/tokens\/([^/]+)$/, ([id]) => revoke('admin', id)],
    [
      'POST',
      /^\/me\/password$/,
      (_, { current }) => {
        if (current !== 'rahasia')
          throw new Refusal({ status: 422, code: 'password-wrong', title: 'Kata sandi lama salah' });
        session.mustChangePassword = false;
        return { status: 204 };
      },
    ],
  ];
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { User } from '#libs/contract/people.js';
import { EXIT } from './exit-codes.js';
import { FakeDashboard, fakeTerminal, json, problem } from './fake-dashboard.js';
import { siappakai } from './program.js';

const user = (username: string, more: Partial<User> = {}): User => ({
  username,
  name: 'Sari',
  role: 'operator',
  kabupaten: [{ code: '3303', name: 'Purbalingga' }],
  mustChangePassword: false,
  createdAt: '2026-11-01T00:00:00.000Z',
  lastLoginAt: null,
  disabledAt: null,
  ...more,
});
const nothing = (): Response => new Response(null, { status: 204 });
const say = async (api: FakeDashboard, ...argv: string[]) => {
  const terminal = fakeTerminal(api);
  return { exit: await siappakai([...argv, '--lang', 'en'], terminal), ...terminal.said };
};

describe('siappakai user', () => {
  it('lists who may sign in, for which kabupaten and in what state', async () => {
    const items = [
      user('budi', { kabupaten: [], role: 'admin' }),
      user('sari', { mustChangePassword: true }),
      user('tono', { disabledAt: '2026-11-02T00:00:00.000Z' }),
    ];
    const api = new FakeDashboard({ 'GET /users?limit=1000': () => json({ items, total: 3 }) });
    const { exit, out } = await say(api, 'user', 'list');
    expect(exit).toBe(EXIT.done);
    expect(out.slice(1)).toEqual([
      expect.stringMatching(/^budi +Sari +admin +all +active +–$/),
      expect.stringMatching(/^sari +Sari +operator +33\.03 +password to be changed/),
      expect.stringMatching(/^tono +Sari +operator +33\.03 +disabled/),
    ]);
  });

  it('adds one and shows the first password, once; a scope has to be said', async () => {
    const made = { username: 'sari', password: 'Ab3dEf6hJk9mNp2q' };
    const api = new FakeDashboard({ 'POST /users': () => json(made, 201) });
    const { out } = await say(api, 'user', 'add', 'sari', '--name', 'Sari', '--kabupaten', '33.03,33.04');
    expect(out).toEqual(['username  sari', `password  ${made.password}`, expect.stringMatching(/once/)]);
    expect(
      JSON.parse((await say(api, 'user', 'add', 's', '--name', 'S', '--kabupaten', 'all', '--json')).out[0]!),
    ).toEqual(made);
    expect(api.asked.map(({ body }) => body)).toEqual([
      { username: 'sari', name: 'Sari', role: 'reader', kabupaten: ['3303', '3304'] },
      { username: 's', name: 'S', role: 'reader', kabupaten: [] },
    ]);
    expect((await say(api, 'user', 'add', 's', '--name', 'S')).exit).toBe(EXIT.usage);
    expect((await say(api, 'user', 'add', 's', '--name', 'S', '--kabupaten', 'all', '--role', 'x')).exit).toBe(2);
  });

  it('changes what is said and nothing else, disables, enables and resets', async () => {
    const api = new FakeDashboard({
      'PATCH /users/sari': () => json(user('sari', { role: 'admin' })),
      'POST /users/sari/disable': () => json(user('sari', { disabledAt: '2026-11-02T00:00:00.000Z' })),
      'POST /users/sari/enable': () => json(user('sari')),
      'POST /users/sari/reset-password': () => json({ username: 'sari', password: 'x' }),
    });
    const { out } = await say(api, 'user', 'set', 'sari', '--role', 'admin');
    expect(out).toContain('role       admin');
    expect((await say(api, 'user', 'disable', 'sari')).out.at(-1)).toBe('state      disabled');
    expect((await say(api, 'user', 'enable', 'sari')).out.at(-1)).toBe('state      active');
    expect((await say(api, 'user', 'reset-password', 'sari')).out[1]).toBe('password  x');
    expect(api.asked.map(({ body }) => body)).toEqual([{ role: 'admin' }, {}, {}, {}]);
  });

  it('exits by the refusal', async () => {
    const api = new FakeDashboard({ 'POST /users/admin/disable': () => problem('last-admin', 409) });
    expect((await say(api, 'user', 'disable', 'admin')).exit).toBe(EXIT.conflict);
  });
});

describe('siappakai token', () => {
  it('makes one and shows it once, lists them without it, and revokes one’s own and those of others', async () => {
    const id = '8d1f6c9e-6c0a-4a8e-9f4c-000000000001';
    const expiresAt = '2027-11-01T00:00:00.000Z';
    const shown = { id, name: 'skrip', createdAt: expiresAt, expiresAt, lastUsedAt: null };
    const api = new FakeDashboard({
      'POST /tokens': () => json({ id, name: 'skrip', token: 'tok', expiresAt }, 201),
      'GET /users/sari/tokens': () => json({ items: [shown], total: 1 }),
      [`DELETE /tokens/${id}`]: nothing,
      [`DELETE /users/sari/tokens/${id}`]: nothing,
    });
    const made = await say(api, 'token', 'create', 'skrip', '--days', '365');
    expect([made.exit, made.out[1]]).toEqual([EXIT.done, 'token       tok']);
    expect(api.asked[0]!.body).toEqual({ name: 'skrip', days: 365 });
    expect((await say(api, 'token', 'list', '--user', 'sari')).out[1]).toMatch(/^skrip .* – +8d1f6c9e/);
    expect((await say(api, 'token', 'revoke', id)).exit).toBe(EXIT.done);
    expect((await say(api, 'token', 'revoke', id, '--user', 'sari')).exit).toBe(EXIT.done);
  });
});

describe('siappakai login with a first password', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sp-cli-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const dashboard = (): FakeDashboard =>
    new FakeDashboard({
      'POST /session': () =>
        new Response(JSON.stringify({ username: 'sari', mustChangePassword: true, kabupaten: [] }), {
          headers: { 'set-cookie': 'siappakai_session=s; HttpOnly' },
        }),
      'POST /me/password': nothing,
      'POST /tokens': ({ headers }) =>
        headers.get('cookie') ? json({ token: 'tok', expiresAt: '2027-01-01T00:00:00.000Z' }, 201) : nothing(),
      'DELETE /session': nothing,
    });
  const enter = (api: FakeDashboard, answers: string[]) =>
    siappakai(
      ['login', 'http://dasbor.test', '--username', 'sari'],
      fakeTerminal(api, {
        ...{ environment: {}, home: folder, isInteractive: true },
        ask: () => Promise.resolve(answers.shift() ?? ''),
      }),
    );

  it('asks for a new one, twice, and goes on in the same session', async () => {
    const api = dashboard();
    expect(await enter(api, ['first', 'a much longer one', 'a much longer one'])).toBe(EXIT.done);
    expect(api.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /session',
      'POST /me/password',
      'POST /tokens',
      'DELETE /session',
    ]);
    expect(api.asked[1]).toMatchObject({ body: { current: 'first', next: 'a much longer one' } });
    expect(api.asked[1]!.headers.get('cookie')).toBe('siappakai_session=s');
  });

  it('changes nothing when the two differ', async () => {
    const api = dashboard();
    expect(await enter(api, ['first', 'a much longer one', 'another longer one'])).toBe(EXIT.invalid);
    expect(api.asked).toHaveLength(1);
  });
});

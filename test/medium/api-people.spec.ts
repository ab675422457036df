import { resetOnMachine } from '#libs/auth/first-password.js';
import { openApiWorld, type Answer, type ApiWorld } from './api-world.js';

let world: ApiWorld;
let admin: string;
let local: string;
beforeAll(async () => {
  world = await openApiWorld();
  admin = await world.person('kepala', 'admin');
  const ours = await world.ask('POST', '/api/v1/kabupaten', { token: admin, body: { code: '13.07' } });
  await world.ask('POST', '/api/v1/kabupaten', { token: admin, body: { code: '13.06' } });
  local = await world.person('lokal', 'admin', [ours.body.id]);
}, 120_000);
afterAll(() => world?.close());

const post = (path: string, body: unknown = {}, token = admin) => world.ask('POST', `/api/v1${path}`, { token, body });
const patch = (username: string, body: unknown, token = admin) =>
  world.ask('PATCH', `/api/v1/users/${username}`, { token, body });
const list = async (token = admin): Promise<string[]> =>
  (await world.ask('GET', '/api/v1/users', { token })).body.items.map(({ username }: { username: string }) => username);
const add = (username: string, more: object = {}, token = admin) =>
  post('/users', { username, name: username, role: 'operator', kabupaten: ['1307'], ...more }, token);
const signIn = (username: string, password: string) =>
  world.ask('POST', '/api/v1/session', { body: { username, password } });
const cookieOf = ({ headers }: Answer) => ({
  cookie: headers.get('set-cookie')!.split(';')[0]!,
  'x-siappakai': '1',
});
/** Signs in with the first password and chooses another; answers the session's headers. */
async function settle(username: string, password: string) {
  const headers = cookieOf(await signIn(username, password));
  const body = { current: password, next: `${username} and a long one` };
  expect((await world.ask('POST', '/api/v1/me/password', { headers, body })).status).toBe(204);
  return headers;
}
const traceOf = async (subject: string): Promise<string[]> =>
  (await world.db.query('SELECT action, actor FROM audit WHERE subject = $1 ORDER BY id', [subject])).map(
    ({ action, actor }: Record<string, string>) => `${action} ${actor}`,
  );

describe('a new user', () => {
  it('may do nothing but change the first password, stays signed in then, and the audit never holds it', async () => {
    const made = await add('sari', { name: 'Sari', kabupaten: ['13.07'] });
    expect([made.status, made.body.username, made.body.password.length]).toEqual([201, 'sari', 16]);
    const { password } = made.body;
    const entered = await signIn('sari', password);
    expect(entered.body).toMatchObject({ role: 'operator', mustChangePassword: true, kabupaten: [{ code: '1307' }] });
    const headers = cookieOf(entered);
    const closed = await world.ask('GET', '/api/v1/home', { headers });
    expect([closed.status, closed.body.code]).toEqual([403, 'password-must-change']);
    const token = await world.ask('POST', '/api/v1/tokens', { headers, body: { name: 'early' } });
    expect(token.body.code).toBe('password-must-change');
    const keep = { current: password, next: password };
    expect((await world.ask('POST', '/api/v1/me/password', { headers, body: keep })).body.code).toBe('password-same');
    const other = cookieOf(await signIn('sari', password));
    const next = { current: password, next: 'a much longer one' };
    expect((await world.ask('POST', '/api/v1/me/password', { headers, body: next })).status).toBe(204);
    expect((await world.ask('GET', '/api/v1/home', { headers })).status).toBe(200);
    expect((await world.ask('GET', '/api/v1/me', { headers: other })).status).toBe(401);
    expect((await signIn('sari', password)).body.code).toBe('login-wrong');
    expect((await traceOf('sari'))[0]).toBe('user.add kepala');
    const [{ found }] = await world.db.query('SELECT count(*)::int AS found FROM audit WHERE audit::text LIKE $1', [
      `%${password}%`,
    ]);
    expect(found).toBe(0);
  });

  it.each([
    ['sari', {}, 409, 'user-taken'],
    ['clock', {}, 422, 'username-reserved'],
    ['Sari', {}, 422, 'input-malformed'],
    ['lain', { role: 'owner' }, 422, 'input-malformed'],
    ['lain', { kabupaten: ['9999'] }, 404, 'kabupaten-unknown'],
  ])('%s %j is refused with %i %s', async (username, more, status, code) => {
    const before = await list();
    const refused = await add(username, more);
    expect([refused.status, refused.body.code]).toEqual([status, code]);
    expect(await list()).toEqual(before);
  });
});

describe('an admin of one kabupaten', () => {
  it('sees and makes users of it alone, and widens nobody, not even themselves', async () => {
    await add('tetangga', { kabupaten: ['1306'] });
    await add('keduanya', { kabupaten: ['1306', '1307'] });
    expect(await list(local)).toEqual(['lokal', 'sari']);
    expect((await add('petugas', {}, local)).status).toBe(201);
    expect(await list(local)).toEqual(['lokal', 'petugas', 'sari']);
    const codes = [
      await add('semua', { kabupaten: [] }, local),
      await add('luar', { kabupaten: ['1306'] }, local),
      await patch('petugas', { kabupaten: [] }, local),
      await patch('petugas', { kabupaten: ['1306', '1307'] }, local),
      await patch('lokal', { kabupaten: [] }, local),
      ...(await Promise.all(['tetangga', 'keduanya', 'kepala'].map((name) => patch(name, { name: 'x' }, local)))),
      ...(await Promise.all(['disable', 'reset-password'].map((act) => post(`/users/kepala/${act}`, {}, local)))),
      await world.ask('GET', '/api/v1/users/kepala/tokens', { token: local }),
    ].map(({ status, body }) => [status, body.code]);
    expect(codes).toEqual([
      [403, 'user-scope-too-wide'],
      [404, 'kabupaten-unknown'],
      [403, 'user-scope-too-wide'],
      [404, 'kabupaten-unknown'],
      [403, 'user-scope-too-wide'],
      ...Array.from({ length: 6 }, () => [404, 'user-unknown']),
    ]);
    const trail = (await world.ask('GET', '/api/v1/audit?q=petugas', { token: local })).body;
    expect(trail.items[0]).toMatchObject({ actor: 'lokal', action: 'user.add', subject: 'petugas' });
  });

  it('gives a role at once, and takes it back at once', async () => {
    const { password } = (await post('/users/petugas/reset-password', {}, local)).body;
    const headers = await settle('petugas', password);
    const audit = async () => (await world.ask('GET', '/api/v1/audit', { headers })).status;
    expect(await audit()).toBe(403);
    const changed = await patch('petugas', { role: 'admin', name: 'Petugas Baru' }, local);
    expect(changed.body).toMatchObject({ role: 'admin', name: 'Petugas Baru', kabupaten: [{ code: '1307' }] });
    expect(await audit()).toBe(200);
    await patch('petugas', { role: 'reader' }, local);
    expect(await audit()).toBe(403);
    const [row] = await world.db.query(
      `SELECT before, after FROM audit WHERE action = 'user.change' AND subject = 'petugas' ORDER BY id LIMIT 1`,
    );
    expect([row.before.role, row.after.role, row.after.kabupaten]).toEqual(['operator', 'admin', ['1307']]);
  });
});

describe('a disabled user', () => {
  it('is out at once with every session and token, keeps the name, and comes back with the password alone', async () => {
    const { password } = (await add('budi')).body;
    const headers = await settle('budi', password);
    const made = await world.ask('POST', '/api/v1/tokens', { headers, body: { name: 'skrip' } });
    const token = made.body.token as string;
    expect((await world.ask('GET', '/api/v1/me', { token })).status).toBe(200);
    // Whatever was opened while the admin pressed the button opens nothing either.
    for (const [end, status] of [
      ['now()', 401],
      ['NULL', 200],
    ] as const) {
      await world.db.query(`UPDATE app_user SET disabled_at = ${end} WHERE username = 'budi'`);
      for (const how of [{ token }, { headers }])
        expect((await world.ask('GET', '/api/v1/me', how)).status).toBe(status);
    }
    const shown = (await post('/users/budi/disable')).body;
    expect(shown).toMatchObject({ username: 'budi', disabledAt: expect.any(String) });
    expect((await world.ask('GET', '/api/v1/me', { token })).status).toBe(401);
    expect((await world.ask('GET', '/api/v1/me', { headers })).status).toBe(401);
    const refused = await signIn('budi', 'budi and a long one');
    expect([refused.status, refused.body.code]).toEqual([401, 'user-disabled']);
    expect((await signIn('budi', 'guess')).body.code).toBe('login-wrong');
    expect((await add('budi')).body.code).toBe('user-taken');
    expect((await post('/users/budi/enable')).body.disabledAt).toBeNull();
    expect((await world.ask('GET', '/api/v1/me', { token })).status).toBe(401);
    expect((await signIn('budi', 'budi and a long one')).status).toBe(200);
    expect((await traceOf('budi')).filter((line) => /able/.test(line))).toEqual([
      'user.disable kepala',
      'user.enable kepala',
    ]);
  });
});

describe('a password that was reset', () => {
  it('ends the sessions, and leaves tokens waiting until the person has chosen a new one', async () => {
    const { password } = (await add('wati')).body;
    const headers = await settle('wati', password);
    const { token } = (await world.ask('POST', '/api/v1/tokens', { headers, body: { name: 'skrip' } })).body;
    const reset = await post('/users/wati/reset-password');
    expect(reset).toMatchObject({ status: 200, body: { username: 'wati' } });
    expect((await world.ask('GET', '/api/v1/me', { headers })).status).toBe(401);
    expect((await world.ask('GET', '/api/v1/home', { token })).body.code).toBe('password-must-change');
    expect((await signIn('wati', 'wati and a long one')).body.code).toBe('login-wrong');
    await settle('wati', reset.body.password);
    expect((await world.ask('GET', '/api/v1/home', { token })).status).toBe(200);
  });

  it('is nobody’s own by this way, and the machine has one of its own', async () => {
    const own = await post('/users/kepala/reset-password');
    expect([own.status, own.body.code]).toEqual([409, 'user-is-you']);
    expect((await post('/users/kepala/disable')).body.code).toBe('user-is-you');
    await expect(resetOnMachine(world.db, 'nobody')).rejects.toMatchObject({ code: 'user-unknown' });
    const password = await resetOnMachine(world.db, 'wati');
    expect((await signIn('wati', password.reveal())).body.mustChangePassword).toBe(true);
    expect((await traceOf('wati')).at(-2)).toBe('user.reset-password setup');
  });
});

describe('the last admin of every kabupaten', () => {
  it('can be neither disabled nor demoted nor narrowed, also by two at the same time', async () => {
    await patch('admin', { role: 'reader' });
    for (const change of [{ role: 'operator' }, { kabupaten: ['1307'] }]) {
      const refused = await patch('kepala', change);
      expect([refused.status, refused.body.code]).toEqual([409, 'last-admin']);
    }
    const second = await world.person('wakil', 'admin');
    const both = await Promise.all([post('/users/wakil/disable'), post('/users/kepala/disable', {}, second)]);
    expect(both.map(({ status }) => status).sort()).not.toEqual([200, 200]);
    const [{ count }] = await world.db.query(
      `SELECT count(*)::int AS count FROM app_user WHERE role = 'admin' AND kabupaten_ids = '{}' AND disabled_at IS NULL`,
    );
    expect(count).toBe(1);
  });
});

describe('tokens', () => {
  let boss: string;
  beforeAll(async () => {
    boss = await world.person('ketua', 'admin');
  });

  it('are listed without the token, live a year at most, and are taken back by their owner or an admin', async () => {
    const token = await world.person('pemilik', 'reader');
    const long = await post('/tokens', { name: 'lama', days: 366 }, token);
    expect([long.status, long.body.code]).toEqual([422, 'input-malformed']);
    const made = (await post('/tokens', { name: 'skrip', days: 365 }, token)).body;
    const { items } = (await world.ask('GET', '/api/v1/tokens', { token })).body;
    expect(items.map(({ name }: { name: string }) => name)).toEqual(['skrip', 'test']);
    expect(JSON.stringify(items)).not.toContain(made.token);
    const seen = await world.ask('GET', '/api/v1/users/pemilik/tokens', { token: boss });
    expect(seen.body).toEqual({ items, total: 2 });
    const foreign = await world.ask('DELETE', `/api/v1/tokens/${made.id}`, { token: boss });
    expect([foreign.status, foreign.body.code]).toEqual([404, 'token-unknown']);
    const taken = await world.ask('DELETE', `/api/v1/users/pemilik/tokens/${made.id}`, { token: boss });
    expect(taken.status).toBe(204);
    expect((await world.ask('GET', '/api/v1/me', { token: made.token })).status).toBe(401);
    expect((await traceOf('pemilik skrip')).at(-1)).toBe('token.remove ketua');
  });
});

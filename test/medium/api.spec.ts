import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openApiWorld, type ApiWorld } from './api-world.js';

let world: ApiWorld;
let admin: string;
beforeAll(async () => {
  world = await openApiWorld();
}, 120_000);
afterAll(() => world?.close());

describe('the first administrator', () => {
  it('finds the password in a file that only its owner may read, until the first login', async () => {
    const file = join(world.dataFolder, 'first-admin-password');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const entered = await world.ask('POST', '/api/v1/session', {
      body: { username: 'admin', password: world.adminPassword },
    });
    expect(entered.status).toBe(200);
    expect(entered.body).toMatchObject({ username: 'admin', role: 'admin', kabupaten: [] });
    expect(entered.headers.get('set-cookie')).toMatch(/siappakai_session=[^;]+;.*HttpOnly;.*SameSite=Strict/);
    expect(existsSync(file)).toBe(false);
    const cookie = entered.headers.get('set-cookie')!.split(';')[0]!;
    const body = { name: 'first', days: 1 };
    const forged = await world.ask('POST', '/api/v1/tokens', { body, headers: { cookie } });
    expect([forged.status, forged.body.code]).toEqual([403, 'header-missing']);
    const made = await world.ask('POST', '/api/v1/tokens', { body, headers: { cookie, 'x-siappakai': '1' } });
    expect(made.status).toBe(201);
    admin = made.body.token;
    const [row] = await world.db.query('SELECT * FROM api_token WHERE name = $1', ['first']);
    expect(JSON.stringify(row)).not.toContain(admin);
  });
});

describe('kabupaten and desa', () => {
  it('are registered by code and shown with what the register says', async () => {
    const kabupaten = await world.ask('POST', '/api/v1/kabupaten', { token: admin, body: { code: '13.07' } });
    expect(kabupaten).toMatchObject({
      status: 201,
      body: { code: '1307', name: 'KABUPATEN LIMA PULUH KOTA', desaCount: 0 },
    });
    const desa = await world.ask('POST', '/api/v1/desa', {
      token: admin,
      body: { code: '13.07.01.2001', domain: 'Kurai.contoh.id' },
    });
    expect(desa).toMatchObject({
      status: 201,
      body: {
        code: '1307012001',
        name: 'Kurai',
        sebutan: 'nagari',
        kecamatanName: 'Suliki',
        domain: 'kurai.contoh.id',
        zone: 'WIB',
      },
    });
  });
});

describe('problems', () => {
  it('are told in the language that is asked for, with the fields that are wrong', async () => {
    const ask = (language: string) =>
      world.ask('POST', '/api/v1/desa', { token: admin, body: { code: 5 }, headers: { 'accept-language': language } });
    const id = await ask('id-ID');
    expect(id).toMatchObject({ status: 422, body: { code: 'input-malformed', title: 'Isian belum benar' } });
    expect(id.body.data.fields.join()).toMatch(/code: .*domain: /);
    expect((await ask('en')).body.title).toBe('The input is not right');
  });

  it.each([
    ['1307019999', 'a.contoh.id', 'desa-not-in-register', 422],
    ['5101012004', 'a.contoh.id', 'desa-other-kabupaten', 422],
    ['13.07', 'a.contoh.id', 'kode-desa-malformed', 422],
    ['1307012002', 'kurai.contoh.id', 'domain-taken', 409],
    ['1307012002', 'http://a.id', 'domain-malformed', 422],
    ['1307012001', 'b.contoh.id', 'desa-taken', 409],
  ])('desa %s at %s is refused with %s and nothing is changed', async (code, domain, expected, status) => {
    const before = await world.db.query('SELECT count(*) FROM desa');
    const refused = await world.ask('POST', '/api/v1/desa', { token: admin, body: { code, domain } });
    expect([refused.status, refused.body.code]).toEqual([status, expected]);
    expect(refused.body.hint.length).toBeGreaterThan(10);
    expect(await world.db.query('SELECT count(*) FROM desa')).toEqual(before);
  });

  it('an unknown address, broken JSON and a huge body are told as what they are', async () => {
    expect((await world.ask('GET', '/api/v1/nowhere', { token: admin })).body.code).toBe('route-unknown');
    const broken = await fetch(`${world.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect([broken.status, ((await broken.json()) as { code: string }).code]).toEqual([400, 'body-malformed']);
    const huge = await world.ask('POST', '/api/v1/desa/import', { token: admin, body: { csv: 'x'.repeat(5_000_000) } });
    expect([huge.status, huge.body.code]).toEqual([413, 'body-too-large']);
  });

  it('carry headers that keep scripts of others out', async () => {
    const { headers } = await world.ask('GET', '/api/v1/me', { token: admin });
    expect(headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });
});

describe('the import of a list', () => {
  const csv = [
    'code,domain',
    '1307012002,rimbang.contoh.id',
    '1307012003,kurai.contoh.id',
    '13.07.01.2004,suliki.contoh.id',
  ].join('\n');
  const count = async (): Promise<number> => (await world.db.query('SELECT count(*)::int AS count FROM desa'))[0].count;

  it('takes nothing when one row is wrong, and says which', async () => {
    const before = await count();
    const { body } = await world.ask('POST', '/api/v1/desa/import', { token: admin, body: { csv } });
    expect(body).toMatchObject({ accepted: 2, refused: 1, applied: false });
    expect(body.rows[1]).toEqual({
      line: 3,
      code: '1307012003',
      domain: 'kurai.contoh.id',
      problem: 'kurai.contoh.id sudah dipakai oleh desa lain.',
    });
    expect(await count()).toBe(before);
  });

  it('takes only the good rows when asked, and none in a dry run', async () => {
    const before = await count();
    await world.ask('POST', '/api/v1/desa/import', { token: admin, body: { csv, onlyGood: true, dryRun: true } });
    expect(await count()).toBe(before);
    const { body } = await world.ask('POST', '/api/v1/desa/import', { token: admin, body: { csv, onlyGood: true } });
    expect(body).toMatchObject({ accepted: 2, refused: 1, applied: true });
    expect(await count()).toBe(before + 2);
  });

  it('is found again by name, code, kecamatan and state', async () => {
    const codes = async (query: string): Promise<string[]> =>
      (await world.ask('GET', `/api/v1/desa?${query}`, { token: admin })).body.items.map(
        ({ code }: { code: string }) => code,
      );
    expect(await codes('q=suliki')).toEqual(['1307012004']);
    expect(await codes('q=13.07.01.2002')).toEqual(['1307012002']);
    expect(await codes('q=rimbng')).toEqual(['1307012002']);
    expect(await codes('q=sungai rimbng')).toEqual(['1307012002']);
    expect(await codes('kecamatan=130701&state=absent&limit=2&offset=1')).toEqual(['1307012002', '1307012004']);
    expect(await codes('state=running')).toEqual([]);
  });
});

describe('a run', () => {
  let runId: string;

  it('is asked for, rings the bell, and is refused a second time with the name of the first', async () => {
    const ask = () => world.ask('POST', '/api/v1/desa/1307012001/install', { token: admin, body: { dryRun: true } });
    const first = await ask();
    expect(first).toMatchObject({
      status: 202,
      body: { verb: 'install', state: 'queued', askedBy: 'admin', app: 'opensid' },
    });
    runId = first.body.id;
    expect(world.rung).toContain(runId);
    const second = await ask();
    expect([second.status, second.body.code, second.body.data.runId]).toEqual([409, 'run-open', runId]);
  });

  it('is followed live: every line once, in order, going on after the last one seen, until it has ended', async () => {
    const say = (line: string) =>
      world.db.query(`INSERT INTO run_log (run_id, level, line) VALUES ($1, 'info', $2) RETURNING id::int`, [
        runId,
        line,
      ]);
    await say('one');
    const [{ id: second }] = await say('two');
    const follow = async (lastEventId?: string): Promise<string> => {
      const headers = { authorization: `Bearer ${admin}`, ...(lastEventId ? { 'last-event-id': lastEventId } : {}) };
      return (await fetch(`${world.url}/api/v1/runs/${runId}/events`, { headers })).text();
    };
    const both = Promise.all([follow(), follow(String(second))]);
    await say('three');
    await world.db.query(`UPDATE run SET state = 'done', ended_at = now() WHERE id = $1`, [runId]);
    const [whole, rest] = await both;
    const linesOf = (text: string): string[] => [...text.matchAll(/"line":"(\w+)"/g)].map((found) => found[1]!);
    expect(linesOf(whole)).toEqual(['one', 'two', 'three']);
    expect(linesOf(rest)).toEqual(['three']);
    expect(whole).toMatch(/event: run\ndata: .*"state":"done"[\s\S]*event: end\n/);
  });

  it('is not begun for a desa without the application, for an unknown release or application, or without the typed code', async () => {
    const ask = async (verb: string, body: unknown): Promise<string> =>
      (await world.ask('POST', `/api/v1/desa/1307012001/${verb}`, { token: admin, body })).body.code;
    expect(await ask('update', { version: 'v2601.0.0' })).toBe('desa-not-installed');
    expect(await ask('remove', { confirm: '1307012001' })).toBe('desa-not-installed');
    expect(await ask('remove', { confirm: '1307012002' })).toBe('confirm-differs');
    expect(await ask('install', { version: 'v9901.0.0' })).toBe('release-unknown');
    expect(await ask('install', { app: 'else' })).toBe('app-unknown');
  });
});

describe('signing in', () => {
  it('is refused alike for an unknown name and a wrong password, and for a while after many failures', async () => {
    await world.person('forgetful', 'reader');
    const attempt = (username: string, password: string) =>
      world.ask('POST', '/api/v1/session', { body: { username, password } });
    const [unknown, wrong] = [await attempt('nobody', 'x'), await attempt('forgetful', 'x')];
    expect(unknown.body).toEqual(wrong.body);
    for (let tries = 0; tries < 7; tries += 1) await attempt('forgetful', 'x');
    const limited = await attempt('forgetful', 'forgetful-password');
    expect([limited.status, limited.body.code]).toEqual([429, 'login-limited']);
  });

  it('ends at sign-out, and a removed or expired token opens nothing', async () => {
    const token = await world.person('leaving', 'operator');
    const cookie = (
      await world.ask('POST', '/api/v1/session', { body: { username: 'leaving', password: 'leaving-password' } })
    ).headers
      .get('set-cookie')!
      .split(';')[0]!;
    const headers = { cookie, 'x-siappakai': '1' };
    expect((await world.ask('GET', '/api/v1/me', { headers })).status).toBe(200);
    expect((await world.ask('DELETE', '/api/v1/session', { headers })).status).toBe(204);
    expect((await world.ask('GET', '/api/v1/me', { headers })).status).toBe(401);
    const [{ id }] = (await world.ask('GET', '/api/v1/tokens', { token })).body.items;
    await world.db.query(`UPDATE api_token SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
    expect((await world.ask('GET', '/api/v1/me', { token })).status).toBe(401);
  });

  it('ends every other session when the password changes', async () => {
    const token = await world.person('careful', 'reader');
    const enter = (password: string) =>
      world.ask('POST', '/api/v1/session', { body: { username: 'careful', password } });
    const cookie = (await enter('careful-password')).headers.get('set-cookie')!.split(';')[0]!;
    const change = { current: 'careful-password', next: 'a much longer password' };
    expect(
      (await world.ask('POST', '/api/v1/me/password', { token, body: { ...change, current: 'no' } })).body.code,
    ).toBe('password-wrong');
    expect((await world.ask('POST', '/api/v1/me/password', { token, body: change })).status).toBe(204);
    expect((await world.ask('GET', '/api/v1/me', { headers: { cookie } })).status).toBe(401);
    expect((await enter('a much longer password')).status).toBe(200);
  });
});

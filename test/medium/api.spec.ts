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

import type { Place } from '#libs/contract/places.js';
import { newId } from '#libs/core/ids.js';
import { choosePlace } from '#libs/provisioning/choose.js';
import type { ClaimedRun } from '#libs/runs/lease.js';
import { openApiWorld, type Answer, type ApiWorld } from './api-world.js';

const GIB = 2 ** 30;
const facts = (availableGib: number): string =>
  JSON.stringify({
    memoryBytes: 8 * GIB,
    availableMemoryBytes: availableGib * GIB,
    diskBytes: 100 * GIB,
    freeBytes: 80 * GIB,
  });

describe('the place of a desa', () => {
  let world: ApiWorld;
  let admin: string;
  let kabupatenId: string;

  beforeAll(async () => {
    world = await openApiWorld();
    admin = await world.person('all', 'admin');
    kabupatenId = (await world.ask('POST', '/api/v1/kabupaten', { token: admin, body: { code: '13.07' } })).body.id;
    for (const [name, gib] of Object.entries({ satu: 3, dua: 6, tiga: 5 }))
      await world.db.query('INSERT INTO server (id, kabupaten_id, name, address, facts) VALUES ($1, $2, $3, $4, $5)', [
        newId(),
        kabupatenId,
        name,
        `unix:/${name}`,
        facts(gib),
      ]);
    await world.db.query(
      `INSERT INTO gabungan (id, kabupaten_id, server_id, name, edition, host, database_name, admin_user, admin_password, owner_user, owner_password, reader_user, reader_password, state)
       SELECT $1, $2, id, 'gab', 'umum', 'h', 'd', 'a', 'sealed', 'o', 'sealed', 'r', 'sealed', 'running' FROM server WHERE name = 'dua'`,
      [newId(), kabupatenId],
    );
  }, 120_000);
  afterAll(() => world?.close());

  const ask = (method: string, path: string, body?: unknown): Promise<Answer> =>
    world.ask(method, `/api/v1${path}`, { token: admin, body });
  const places = async (labels = ''): Promise<Place[]> =>
    (await ask('GET', `/kabupaten/1307/places?labels=${labels}`)).body.items as Place[];
  const chosen = async (input: object): Promise<string> => {
    const { serverId } = await choosePlace(world.db, { kabupatenId, input } as unknown as ClaimedRun);
    const [row] = (await world.db.query('SELECT name FROM server WHERE id = $1', [serverId])) as { name: string }[];
    return row!.name;
  };

  it('is listed best first, with what is left over the head-room', async () => {
    const seen = (await places()).map(({ server, left, lacks }) => [server, Math.round(left! * 100), lacks.length]);
    expect(seen).toEqual([
      ['dua', 54, 0],
      ['tiga', 42, 0],
      ['satu', 17, 0],
    ]);
    expect(await chosen({})).toBe('dua');
  });

  it('is no server that is drained, with the reason and the audit of it, until it is let in again', async () => {
    expect((await ask('POST', '/servers/dua/drain', { reason: 'mesin diganti' })).status).toBe(204);
    expect((await places()).at(-1)).toMatchObject({
      server: 'dua',
      drainReason: 'mesin diganti',
      lacks: [{ of: 'draining' }],
    });
    await expect(chosen({})).rejects.toMatchObject({
      code: 'server-none-fits',
      data: { reasons: expect.arrayContaining(['dua: drain', 'satu: no way to the gabungan']) },
    });
    await expect(chosen({ server: 'dua' })).rejects.toMatchObject({ code: 'server-draining' });
    const audit = (await ask('GET', '/audit?q=server.drain')).body.items as { subject: string; actor: string }[];
    expect(audit).toEqual([expect.objectContaining({ subject: 'dua', actor: 'all' })]);
    expect((await ask('DELETE', '/servers/dua/drain')).status).toBe(204);
    expect(await chosen({})).toBe('dua');
  });

  it('has as many runs at work at once as a person says', async () => {
    expect((await ask('PUT', '/servers/dua/limit', { atOnce: 2 })).status).toBe(204);
    expect((await places()).find(({ server }) => server === 'dua')).toMatchObject({ atOnce: 2 });
    expect((await ask('PUT', '/servers/dua/limit', { atOnce: 0 })).status).toBe(422);
    const audit = (await ask('GET', '/audit?q=server.limit')).body.items as object[];
    expect(audit).toEqual([expect.objectContaining({ subject: 'dua', after: { atOnce: 2 } })]);
  });

  it('bears the labels that are asked for', async () => {
    expect((await ask('PUT', '/servers/satu/labels', { labels: ['ssd', 'gedung-a'] })).status).toBe(204);
    expect((await places('ssd')).map(({ server }) => server)[0]).toBe('satu');
    expect((await ask('PUT', '/servers/dua/labels', { labels: ['ssd'] })).status).toBe(204);
    expect(await chosen({ labels: ['ssd'] })).toBe('dua');
  });

  it('is only the server of the gabungan while nobody said where others reach it', async () => {
    await world.db.query(`UPDATE server SET facts = $1 WHERE name = 'dua'`, [facts(2)]);
    expect(await chosen({})).toBe('dua');
    await expect(chosen({ server: 'satu' })).rejects.toMatchObject({
      code: 'way-address-missing',
      data: { server: 'dua', from: 'satu', name: 'gab' },
    });
  });

  it('is any server with a way to the gabungan, the one with the most room first', async () => {
    expect((await ask('PUT', '/servers/dua/internal-address', { address: 'localhost' })).status).toBe(422);
    const { body } = await ask('PUT', '/servers/dua/internal-address', { address: '10.9.8.7' });
    expect(body).toMatchObject({ name: 'dua', internalAddress: '10.9.8.7' });
    expect(await chosen({})).toBe('tiga');
    expect(await chosen({ server: 'satu' })).toBe('satu');
    const audit = (await ask('GET', '/audit?q=server.internal-address')).body.items as unknown[];
    expect(audit).toHaveLength(1);
    await world.db.query(`UPDATE server SET facts = $1, internal_address = NULL WHERE name = 'dua'`, [facts(6)]);
  });

  it('is refused with what each server lacks', async () => {
    await world.db.query(`UPDATE server SET circuit = circuit || '{"state": "open"}' WHERE name = 'dua'`);
    await expect(chosen({ labels: ['ssd', 'ups'] })).rejects.toMatchObject({
      code: 'server-none-fits',
      data: { reasons: expect.arrayContaining(['dua: offline; label ups']) },
    });
  });

  it('says what is wrong with a label, a reason and a server that is not there', async () => {
    expect((await ask('PUT', '/servers/satu/labels', { labels: ['Gedung A'] })).status).toBe(422);
    expect((await ask('POST', '/servers/satu/drain', { reason: '' })).status).toBe(422);
    expect((await ask('POST', '/servers/lima/drain', { reason: 'rusak' })).body.code).toBe('server-unknown');
  });
});

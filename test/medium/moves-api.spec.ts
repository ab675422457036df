import { newId } from '#libs/core/ids.js';
import { openApiWorld, type Answer, type ApiWorld } from './api-world.js';

const GIB = 2 ** 30;
const facts = (availableGib: number): string =>
  JSON.stringify({
    ...{ memoryBytes: 8 * GIB, availableMemoryBytes: availableGib * GIB },
    ...{ diskBytes: 100 * GIB, freeBytes: 80 * GIB },
  });

describe('moves, asked for over HTTP', () => {
  let world: ApiWorld;
  let admin: string;
  let kabupatenId: string;
  const codes = ['1307012001', '1307012002', '1307012003'];
  const ids = { gabungan: newId(), release: newId() };

  const ask = (path: string, body: unknown = {}): Promise<Answer> =>
    world.ask('POST', `/api/v1${path}`, { token: admin, body });
  const show = async (code: string) =>
    (await world.ask('GET', `/api/v1/desa/${code}`, { token: admin })).body.installations[0];

  beforeAll(async () => {
    world = await openApiWorld();
    admin = await world.person('all', 'admin');
    kabupatenId = (await world.ask('POST', '/api/v1/kabupaten', { token: admin, body: { code: '13.07' } })).body.id;
    for (const [name, gib] of Object.entries({ satu: 6, dua: 6, tiga: 1.75 }))
      await world.db.query(
        'INSERT INTO server (id, kabupaten_id, name, address, enrolled_at, facts) VALUES ($1, $2, $3, $4, now(), $5)',
        [newId(), kabupatenId, name, `ssh://petugas@10.0.0.${name.length}:22`, facts(gib)],
      );
    await world.db.query(
      `INSERT INTO gabungan (id, kabupaten_id, server_id, name, edition, host, database_name, admin_user, admin_password, owner_user, owner_password, reader_user, reader_password, state)
       SELECT $1, $2, id, 'gab', 'umum', 'h', 'd', 'a', 'sealed', 'o', 'sealed', 'r', 'sealed', 'running' FROM server WHERE name = 'satu'`,
      [ids.gabungan, kabupatenId],
    );
    await world.db.query(
      `INSERT INTO release (id, app, version, edition, sha256, source, archive_path, php, state) VALUES ($1, 'opensid', 'v2601.0.0', 'umum', 'x', 'x', 'x', '8.2', 'built')`,
      [ids.release],
    );
    for (const [at, code] of codes.entries()) {
      await ask('/desa', { code, domain: `d${code}.contoh.id` });
      await world.db.query(
        `INSERT INTO installation (id, kabupaten_id, desa_id, app, state, server_id, gabungan_id, uid, runtime_password, placed_release_id)
         SELECT $1, $2, d.id, 'opensid', 'running', s.id, $3, $4, 'sealed', $5 FROM desa d, server s WHERE d.code = $6 AND s.name = 'satu'`,
        [newId(), kabupatenId, ids.gabungan, 20000 + at, ids.release, code],
      );
    }
  }, 120_000);
  afterAll(() => world?.close());

  /** As a move leaves it: the desa on `dua`, its old place kept on `satu`. */
  const moved = async (code: string): Promise<void> => {
    const runId = newId();
    await world.db.query(
      `INSERT INTO run (id, kabupaten_id, verb, subject_kind, subject_id, subject_label, app, state, asked_by, ended_at)
       SELECT $1, $2, 'move', 'desa', id, 'x', 'opensid', 'done', 'all', now() FROM desa WHERE code = $3`,
      [runId, kabupatenId, code],
    );
    await world.db.query(
      `INSERT INTO move (kabupaten_id, run_id, installation_id, release_id, from_server_id, to_server_id, from_uid, to_uid, closed_at, answered_at, predicted_seconds, switched_at, kept_until)
       SELECT $1, $2, i.id, $3, i.server_id, (SELECT id FROM server WHERE name = 'dua'), i.uid, 20050, now() - interval '4 seconds', now(), 3.5, now(), now() + interval '1 day'
       FROM installation i JOIN desa d ON d.id = i.desa_id WHERE d.code = $4`,
      [kabupatenId, runId, ids.release, code],
    );
    await world.db.query(
      `UPDATE installation SET uid = 20050, server_id = (SELECT id FROM server WHERE name = 'dua') WHERE desa_id = (SELECT id FROM desa WHERE code = $1)`,
      [code],
    );
  };

  it('are refused at once where the records tell: the same server, one that is unknown, nothing kept', async () => {
    expect((await ask(`/desa/${codes[0]}/move`, { server: 'satu' })).body.code).toBe('move-same-server');
    expect((await ask(`/desa/${codes[0]}/move`, { server: 'lima' })).body.code).toBe('server-unknown');
    expect((await ask(`/desa/${codes[0]}/settle`)).body.code).toBe('move-none-kept');
    expect((await ask(`/desa/${codes[0]}/move`, { app: 'pbb' })).body.code).toBe('desa-not-installed');
  });

  it('of a whole server are planned over the others, or refused when not all fit', async () => {
    const plan = await ask('/servers/satu/moves', { dryRun: true });
    expect(plan.body).toEqual({
      moves: codes.map((code) => expect.objectContaining({ code, to: 'dua', runId: null })),
      left: [],
    });
    await ask('/servers/dua/drain', { reason: 'mesin diganti' });
    const refused = await ask('/servers/satu/moves');
    expect(refused.body).toMatchObject({ code: 'moves-do-not-fit', data: { left: 1, count: 3 } });
    expect(refused.body.detail).toContain('tiga: RAM');
    expect(await world.db.query('SELECT 1 FROM run')).toEqual([]);
    await world.ask('DELETE', '/api/v1/servers/dua/drain', { token: admin });
  });

  it('of a whole server are begun for all but the desa that are busy, which are told', async () => {
    expect((await ask(`/desa/${codes[1]}/move`, { server: 'tiga' })).status).toBe(202);
    const { body } = await ask('/servers/satu/moves');
    expect(body.moves.map(({ code }: { code: string }) => code)).toEqual([codes[0], codes[2]]);
    expect(body.left).toMatchObject([{ code: codes[1], problem: { code: 'run-open' } }]);
    const inputs = await world.db.query(`SELECT input FROM run WHERE verb = 'move' ORDER BY subject_label`);
    expect(inputs).toEqual([
      { input: { server: 'dua' } },
      { input: { server: 'tiga', dryRun: false } },
      { input: { server: 'dua' } },
    ]);
    await world.db.query(`UPDATE run SET state = 'cancelled', ended_at = now()`);
  });

  it('show what the old server keeps, where DNS has to point, and how long the desa was away', async () => {
    expect((await show(codes[0]!)).kept).toBeNull();
    await moved(codes[0]!);
    expect(await show(codes[0]!)).toMatchObject({
      server: 'dua',
      kept: { server: 'satu', dns: '10.0.0.3', downtimeSeconds: 4, predictedSeconds: 3.5 },
    });
    const { waiting } = (await world.ask('GET', '/api/v1/home', { token: admin })).body;
    expect(waiting).toContainEqual({
      kind: 'dns',
      text: expect.stringContaining(`DNS d${codes[0]}.contoh.id ke 10.0.0.3`),
      link: `/desa/${codes[0]}`,
    });
    expect((await ask(`/desa/${codes[0]}/move`, { server: 'tiga' })).body).toMatchObject({
      code: 'move-still-kept',
      data: { server: 'satu' },
    });
    expect((await ask(`/desa/${codes[0]}/settle`)).body).toMatchObject({ verb: 'settle', state: 'queued' });
  });

  it('give nobody a uid that an installation, a kept folder or a move under way has', async () => {
    const next = async (server: string): Promise<number> =>
      (await world.db.query(`SELECT free_uid(id, 'opensid', 20000) AS uid FROM server WHERE name = $1`, [server]))[0]
        .uid;
    expect(await next('dua')).toBe(20051);
    // 20000 has moved away and its folder is kept; 20002 is the highest that lives there.
    expect(await next('satu')).toBe(20003);
    await world.db.query(`UPDATE move SET from_uid = 20040`);
    expect(await next('satu')).toBe(20041);
    await world.db.query(`UPDATE move SET settled_at = now()`);
    expect(await next('satu')).toBe(20003);
    await world.db.query(`UPDATE move SET settled_at = NULL, switched_at = NULL, to_uid = 20070`);
    expect(await next('dua')).toBe(20051);
    await world.db.query(`UPDATE run SET state = 'cancelled' WHERE state = 'queued'`);
    await world.db.query(`UPDATE run SET state = 'running', ended_at = NULL WHERE id = (SELECT run_id FROM move)`);
    expect(await next('dua')).toBe(20071);
  });
});

import { newId } from '#libs/core/ids.js';
import { forgetShipments, knownReleases, recordShipment } from '#libs/images/pg-images.js';
import { serversWithout } from '#libs/rollouts/pg-clock.js';
import { waitingRuns } from '#libs/runs/lease.js';
import { openApiWorld, type Answer, type ApiWorld } from './api-world.js';

const VERSIONS = ['v2601.0.0', 'v2602.0.0', 'v2603.0.0', 'v2604.0.0'];
const imageOf = (version: string): string => `siappakai/opensid:${version}`;

describe('images and the records', () => {
  let world: ApiWorld;
  let token: string;
  let kabupatenId: string;
  const ids = new Map<string, string>();
  const one = (name: string): string => ids.get(name)!;
  const sql = async <T = object>(text: string, values: unknown[] = []): Promise<T[]> =>
    (await world.db.query(text, values)) as T[];
  const ask = (method: string, path: string, body?: unknown): Promise<Answer> =>
    world.ask(method, `/api/v1${path}`, { token, body });
  const ship = (body: object): Promise<Answer> => ask('POST', `/releases/opensid/v2604.0.0/ship`, body);

  const named = (name: string): string => ids.set(name, newId()).get(name)!;
  const addServer = (name: string, address: string, isEnrolled: boolean): Promise<unknown> =>
    sql('INSERT INTO server (id, kabupaten_id, name, address, enrolled_at) VALUES ($1, $2, $3, $4, $5)', [
      ...[named(name), kabupatenId, name, address, isEnrolled ? new Date() : null],
    ]);
  const addRelease = (version: string, at: number): Promise<unknown> =>
    sql(
      `INSERT INTO release (id, app, version, edition, sha256, source, archive_path, php, state, image, image_id, built_at)
       VALUES ($1, 'opensid', $2, 'umum', $2, 's', 'p', '8.2', 'built', $3, $4, to_timestamp($5))`,
      [named(version), version, imageOf(version), `id ${version}`, at],
    );
  const addDesa = async (code: string, server: string, placed: string): Promise<void> => {
    await sql(
      `INSERT INTO desa (id, kabupaten_id, code, name, sebutan, kecamatan_code, kecamatan_name, domain, zone)
       VALUES ($1, $2, $3, 'Kurai', 'desa', '130701', 'A', $4, 'WIB')`,
      [named(code), kabupatenId, code, `d${code}.test`],
    );
    await sql(
      `INSERT INTO installation (id, kabupaten_id, desa_id, app, state, server_id, gabungan_id, uid, runtime_password, placed_release_id)
       VALUES ($1, $2, $3, 'opensid', 'running', $4, $5, $6, 'sealed', $7)`,
      [newId(), kabupatenId, one(code), one(server), one('gab'), 20000 + ids.size, one(placed)],
    );
  };

  beforeAll(async () => {
    world = await openApiWorld();
    token = await world.person('all', 'admin');
    kabupatenId = (await ask('POST', '/kabupaten', { code: '13.07' })).body.id;
    await addServer('dekat', 'unix:/var/run/docker.sock', false);
    await addServer('satu', 'ssh://p@10.0.0.1:22', true);
    await addServer('dua', 'ssh://p@10.0.0.2:22', true);
    await addServer('tiga', 'ssh://p@10.0.0.3:22', false);
    for (const [at, version] of VERSIONS.entries()) await addRelease(version, at);
    await sql(
      `INSERT INTO gabungan (id, kabupaten_id, server_id, name, edition, host, database_name, admin_user, admin_password, owner_user, owner_password, reader_user, reader_password, state)
       VALUES ($1, $2, $3, 'gab', 'umum', 'h', 'd', 'a', 'sealed', 'o', 'sealed', 'r', 'sealed', 'running')`,
      [named('gab'), kabupatenId, one('satu')],
    );
    await addDesa('1307012001', 'satu', 'v2602.0.0');
    await addDesa('1307012002', 'dekat', 'v2603.0.0');
  }, 120_000);
  afterAll(() => world?.close());

  const keptOn = async (server: string | null): Promise<string[]> =>
    (await knownReleases(world.db, server && one(server)))
      .filter(({ isKept }) => isKept)
      .map(({ image }) => image)
      .sort();
  const images = (...versions: string[]): string[] => versions.map(imageOf);

  it('what a server must keep is what its desa stand on; the registry keeps it for all', async () => {
    expect(await keptOn('satu')).toEqual(images('v2602.0.0'));
    expect(await keptOn('dekat')).toEqual(images('v2603.0.0'));
    expect(await keptOn('dua')).toEqual([]);
    expect(await keptOn(null)).toEqual(images('v2602.0.0', 'v2603.0.0'));
  });

  it('what a desa stood on before its last update is kept where it stands, the one before that is not', async () => {
    for (const [at, previous] of ['v2603.0.0', 'v2601.0.0'].entries())
      await sql(
        `INSERT INTO run (id, kabupaten_id, verb, subject_kind, subject_id, subject_label, app, input, state, asked_by, ended_at)
         VALUES ($1, $2, 'update', 'desa', $3, 'd', 'opensid', $4, 'done', 'a', to_timestamp($5))`,
        [newId(), kabupatenId, one('1307012001'), { aimed: { previousReleaseId: one(previous) } }, at],
      );
    expect(await keptOn('satu')).toEqual(images('v2601.0.0', 'v2602.0.0'));
    expect(await keptOn('dekat')).toEqual(images('v2603.0.0'));
  });

  it('what a rollout that is not over leads to is kept everywhere', async () => {
    await sql(
      `INSERT INTO rollout (id, kabupaten_id, gabungan_id, app, release_id, state, settings, seed, plan, plan_hash, asked_by)
       VALUES ($1, $2, $3, 'opensid', $4, 'paused', '{}', 1, '{}', 'h', 'a')`,
      [newId(), kabupatenId, one('gab'), one('v2604.0.0')],
    );
    expect(await keptOn('dua')).toEqual(images('v2604.0.0'));
    await sql(`UPDATE rollout SET state = 'finished'`);
    expect(await keptOn('dua')).toEqual([]);
  });

  const without = async (version: string): Promise<string[]> => {
    const wanted = { gabunganId: one('gab'), app: 'opensid', releaseId: one(version) };
    return (await serversWithout(world.db, wanted)).map(({ name }) => name);
  };

  it('the clock ships to servers over SSH where desa stand, once, and again when it was built anew', async () => {
    const sent = { ...{ serverId: one('satu'), image: imageOf('v2603.0.0'), imageId: 'id v2603.0.0' } };
    expect(await without('v2603.0.0')).toEqual(['satu']);
    await recordShipment(world.db, { ...sent, layers: 4, movedBytes: 12 });
    expect(await without('v2603.0.0')).toEqual([]);
    await recordShipment(world.db, { ...sent, imageId: 'another make', layers: 4, movedBytes: 12 });
    expect(await without('v2603.0.0')).toEqual(['satu']);
    await forgetShipments(world.db, one('satu'), [imageOf('v2603.0.0')]);
  });

  it('a person ships to every enrolled server over SSH at once, each by a run that keeps no other work away', async () => {
    const { status, body } = await ship({});
    expect(status).toBe(202);
    expect(body.items.map((run: { subjectLabel: string }) => run.subjectLabel)).toEqual(['dua', 'satu']);
    expect((await ship({})).body.items).toEqual([]);
    expect(await ship({ server: 'satu' })).toMatchObject({ status: 409, body: { code: 'run-open' } });
    expect((await ask('POST', '/servers/satu/rotate-key')).status).toBe(202);
    expect((await ask('POST', '/releases/opensid/v2603.0.0/ship', { server: 'satu' })).status).toBe(202);
    // The clock sees what is on its way.
    expect(await without('v2604.0.0')).toEqual([]);
  });

  it('a run that ships waits for a server that is away, and looking at that server does not', async () => {
    await sql(`UPDATE server SET circuit = circuit || '{"state": "open"}' WHERE name = 'satu'`);
    const open = await waitingRuns(world.db);
    const rows = await sql<{ verb: string; name: string }>(
      `SELECT verb, subject_label AS name FROM run WHERE id = ANY($1) ORDER BY verb`,
      [open],
    );
    expect(rows).toEqual([
      { verb: 'rotate-key', name: 'satu' },
      { verb: 'ship', name: 'dua' },
    ]);
  });

  it('tells where a release has come to', async () => {
    const sent = { serverId: one('dua'), image: imageOf('v2604.0.0'), imageId: 'id v2604.0.0' };
    await recordShipment(world.db, { ...sent, layers: 9, movedBytes: 5_000_000_000 });
    const { body } = await ask('GET', '/releases/opensid/v2604.0.0/shipments');
    expect(body).toMatchObject({ total: 1, items: [{ server: 'dua', layers: 9, movedBytes: 5_000_000_000 }] });
  });

  it('what is not built is not shipped', async () => {
    await sql(`UPDATE release SET state = 'added' WHERE version = 'v2601.0.0'`);
    const { status, body } = await ask('POST', '/releases/opensid/v2601.0.0/ship', {});
    expect([status, body.code]).toEqual([409, 'release-not-built']);
  });
});

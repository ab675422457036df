import { PlansService } from '#libs/rollouts/plans.service.js';
import { RolloutsQuery } from '#libs/rollouts/rollouts.query.js';
import { openApiWorld, type ApiWorld } from './api-world.js';
import { ALL, furnish, type Fleet } from './rollout-world.js';

let world: ApiWorld;
let admin = '';
beforeAll(async () => {
  world = await openApiWorld();
  admin = await world.person('ani', 'admin');
  await world.ask('POST', '/api/v1/kabupaten', { token: admin, body: { code: '13.07' } });
}, 240_000);
afterAll(() => world?.close());

const ask = async (method: string, path: string, body?: unknown) =>
  (await world.ask(method, `/api/v1${path}`, { token: admin, body })).body;

describe('the end of a subscription', () => {
  it('comes with a list, a month as its last day, and is changed and taken away', async () => {
    const csv = 'kode,domain,langganan\n1307012001,a.contoh.id,2026-02\n1307012002,b.contoh.id,\n';
    expect(await ask('POST', '/desa/import', { csv })).toMatchObject({ accepted: 2, applied: true });
    expect((await ask('GET', '/desa/1307012001')).subscription).toEqual({ endsOn: '2026-02-28', isOwn: true });
    expect((await ask('GET', '/desa/1307012002')).subscription).toBeNull();
    const changed = await ask('PATCH', '/kabupaten/13.07', { subscriptionEnd: '2026-05-15' });
    expect(changed).toMatchObject({ code: '1307', subscriptionEndsOn: '2026-05-15' });
    expect((await ask('GET', '/desa/1307012002')).subscription).toEqual({ endsOn: '2026-05-15', isOwn: false });
    const own = await ask('PATCH', '/desa/1307012001', { subscriptionEnd: null });
    expect(own.subscription).toEqual({ endsOn: '2026-05-15', isOwn: false });
    await ask('PATCH', '/kabupaten/1307', { subscriptionEnd: null });
    expect((await ask('GET', '/desa/1307012001')).subscription).toBeNull();
    const { items } = await ask('GET', '/audit?q=kabupaten.change');
    expect(items[0]).toMatchObject({ actor: 'ani', before: { subscriptionEndsOn: '2026-05-15' } });
  });

  it.each(['2026-13', '2026-02-30', 'besok', ''])('is refused as %s, and nothing is changed', async (end) => {
    const body = { subscriptionEnd: end };
    const refused = await world.ask('PATCH', '/api/v1/desa/1307012001', { token: admin, body });
    expect([refused.status, refused.body.code]).toEqual([422, 'input-malformed']);
    expect((await ask('GET', '/desa/1307012001')).subscription).toBeNull();
  });
});

describe('a plan towards a premium release', () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await furnish(world.db, 3);
    await world.db.query(`UPDATE gabungan SET edition = 'premium' WHERE id = $1`, [fleet.gabunganId]);
    for (const [version, edition] of [
      ['v2601.5.0-premium', 'premium'],
      ['v2603.0.0-premium', 'premium'],
      ['v2603.0.1', 'umum'],
    ])
      await world.db.query(
        `INSERT INTO release (id, app, version, edition, sha256, source, archive_path, php, state)
         VALUES (gen_random_uuid(), 'opensid', $1, $2, 'x', 'x', 'x', '8.2', 'built')`,
        [version, edition],
      );
    await world.db.query(
      `UPDATE installation SET placed_release_id = (SELECT id FROM release WHERE version = 'v2601.5.0-premium'),
         observed_version = 'v2601.5.0-premium' WHERE gabungan_id = $1`,
      [fleet.gabunganId],
    );
  });
  const planned = async (version: string) => {
    const wish = { gabungan: fleet.gabungan, app: 'opensid', version };
    const id = await new PlansService(world.db).plan(ALL, 'ani', wish, { isDryRun: true });
    const { desa } = await new RolloutsQuery(world.db).planned(ALL, id);
    return new Map(desa.map((one) => [one.code, one]));
  };

  it('leaves out whose subscription ended before its month, by the kabupaten where a desa has none of its own', async () => {
    await ask('PATCH', `/kabupaten/${fleet.kabupaten}`, { subscriptionEnd: '2026-02' });
    await ask('PATCH', `/desa/${fleet.codes[0]}`, { subscriptionEnd: '2026-03-01' });
    const desa = await planned('v2603.0.0-premium');
    expect(desa.get(fleet.codes[0]!)).toMatchObject({ wave: 0, blockers: [] });
    expect(desa.get(fleet.codes[1]!)).toMatchObject({ blockers: ['subscription'], newestMonth: 'v2602' });
  });

  it('is never about a release of umum', async () => {
    const desa = await planned('v2603.0.1');
    expect([...desa.values()].flatMap(({ blockers }) => blockers).filter((one) => one === 'subscription')).toEqual([]);
  });
});

import { TicksService } from '#libs/rollouts/ticks.service.js';
import { openApiWorld, type ApiWorld } from './api-world.js';
import { addRelease, furnish, NEW, StandInWorker, WAVES, type Fleet } from './rollout-world.js';

let world: ApiWorld;
let fleet: Fleet;
let [admin, second] = ['', ''];
beforeAll(async () => {
  world = await openApiWorld();
  fleet = await furnish(world.db, 4);
  admin = await world.person('ani', 'admin');
  second = await world.person('budi', 'admin');
}, 240_000);
afterAll(() => world?.close());

const post = (path: string, body: unknown = {}, token = admin) => world.ask('POST', `/api/v1${path}`, { token, body });
const home = async () => (await world.ask('GET', '/api/v1/home', { token: admin })).body;
const wish = () => ({ gabungan: fleet.gabungan, version: NEW, settings: { waves: WAVES, fourEyes: true } });

it('plans without a trace in the list, creates the same plan, and waits for the second person', async () => {
  const planned = await post('/rollouts/plan', wish());
  expect(planned).toMatchObject({
    status: 200,
    body: { gabungan: fleet.gabungan, problems: [], desa: [{}, {}, {}, {}] },
  });
  expect((await world.ask('GET', '/api/v1/rollouts', { token: admin })).body.total).toBe(0);
  const made = await post('/rollouts', wish());
  expect([made.status, made.body.state, made.body.planHash]).toEqual([201, 'draft', planned.body.planHash]);
  const { id, planHash } = made.body;
  expect((await home()).waiting[0]).toMatchObject({ kind: 'rollout', link: `/rollouts/${id}` });
  const alone = await post(`/rollouts/${id}/approve`, { hash: planHash });
  expect([alone.status, alone.body.code]).toEqual([403, 'four-eyes']);
  expect((await post(`/rollouts/${id}/approve`, { hash: planHash }, second)).body.state).toBe('approved');
  world.rung.length = 0;
  expect((await post(`/rollouts/${id}/start`)).body.state).toBe('running');
  expect(world.rung).toEqual([id]);
  const again = await post(`/rollouts/${id}/start`);
  expect([again.status, again.body.code, again.headers.get('content-type')]).toEqual([
    409,
    'rollout-state',
    'application/problem+json; charset=utf-8',
  ]);
}, 60_000);

it('is followed live to its end, and stands among what is broken while it is paused', async () => {
  const { items } = (await world.ask('GET', '/api/v1/rollouts?state=running', { token: admin })).body;
  const { id } = items[0];
  const worker = new StandInWorker(world.db);
  const ticks = new TicksService(world.db, { ring: async () => {} });
  const canary = (await world.ask('GET', `/api/v1/rollouts/${id}`, { token: admin })).body.desa[0].code;
  worker.fates.set(canary, 'undone');
  const go = async (): Promise<void> => {
    do await ticks.tick(id);
    while ((await worker.work(id)) > 0);
    await ticks.tick(id);
  };
  await go();
  expect((await home()).broken[0]).toMatchObject({ kind: 'rollout', link: `/rollouts/${id}` });
  const followed = fetch(`${world.url}/api/v1/rollouts/${id}/events`, {
    headers: { authorization: `Bearer ${admin}` },
  }).then((response) => response.text());
  worker.fates.clear();
  world.rung.length = 0;
  expect((await post(`/rollouts/${id}/retry`, { desa: [canary] })).body.state).toBe('running');
  expect(world.rung).toEqual([id]);
  await go();
  const text = await followed;
  expect(text).toMatch(/event: rollout\ndata: .*"state":"finished"[\s\S]*event: end\n/);
  expect((await home()).broken.filter(({ kind }: { kind: string }) => kind === 'rollout')).toEqual([]);
  const { waves } = (await world.ask('GET', `/api/v1/rollouts/${id}`, { token: admin })).body;
  const lags = waves.map((wave: { startedAfterMilliseconds: number | null }) => wave.startedAfterMilliseconds);
  expect(lags).toEqual([null, expect.any(Number), expect.any(Number)]);
  expect(lags.slice(1).every((lag: number) => lag >= 0)).toBe(true);
}, 60_000);

it('holds a desa with a reason, once, and lets it go', async () => {
  const [code] = fleet.codes;
  const held = await post('/holds', { desa: code, reason: 'pemilihan kepala desa' });
  expect(held).toMatchObject({ status: 201, body: { code, askedBy: 'ani', until: null } });
  expect((await post('/holds', { desa: code, reason: 'pemilihan kepala desa' })).body.code).toBe('hold-open');
  const past = { desa: fleet.codes[1], reason: 'pemilihan', until: '2020-01-01T00:00:00Z' };
  expect((await post('/holds', past)).body.code).toBe('hold-until-past');
  const gone = await world.ask('DELETE', `/api/v1/holds/${held.body.id}`, { token: admin });
  expect(gone.status).toBe(204);
  expect((await world.ask('GET', '/api/v1/holds', { token: admin })).body.total).toBe(0);
});

it('shows and sets what the clock may do, and withdraws a release', async () => {
  const path = `/api/v1/policies/${fleet.kabupaten}/opensid`;
  const set = await world.ask('PUT', path, {
    token: admin,
    body: { isOn: true, daysOut: 3, canary: [fleet.codes[0]] },
  });
  expect(set).toMatchObject({ status: 200, body: { rules: { isOn: true, daysOut: 3, needsYes: true } } });
  expect((await world.ask('GET', path, { token: admin })).body.rules).toEqual(set.body.rules);
  const wrong = await world.ask('PUT', path, { token: admin, body: { window: { from: '25:00', to: '1', days: [] } } });
  expect(wrong.status).toBe(422);
  await addRelease(world.db, 'v2603.0.0');
  const withdrawn = await post('/releases/opensid/v2603.0.0/withdraw', { reason: 'merusak halaman depan' });
  expect(withdrawn).toMatchObject({
    status: 200,
    body: { state: 'withdrawn', withdrawal: { reason: 'merusak halaman depan', by: 'ani', at: expect.any(String) } },
  });
  const { items } = (await world.ask('GET', '/api/v1/releases', { token: admin })).body;
  const told = new Map(items.map((one: { version: string; withdrawal: unknown }) => [one.version, one.withdrawal]));
  expect([told.get('v2603.0.0'), told.get(NEW)]).toEqual([withdrawn.body.withdrawal, null]);
  const plan = await post('/rollouts/plan', { gabungan: fleet.gabungan, version: 'v2603.0.0' });
  expect(plan.body.problems).toMatchObject([{ code: 'release-withdrawn' }]);
});

it('lists proved dumps, and puts one back only for who typed the code of the kabupaten', async () => {
  const place = `/gabungan/${fleet.gabungan}`;
  const [{ id }] = (await world.db.query(
    `INSERT INTO gabungan_backup (id, kabupaten_id, gabungan_id, kind, folder, bytes, sha256, row_counts, fingerprint, version, verified_at)
     VALUES (gen_random_uuid(), $1, $2, 'manual', 'x', 5, '{}', '{}', '{}', $3, now()) RETURNING id`,
    [fleet.kabupatenId, fleet.gabunganId, NEW],
  )) as [{ id: string }];
  const listed = await world.ask('GET', `/api/v1${place}/backups`, { token: admin });
  expect(listed.body).toMatchObject({ total: 1, items: [{ id, kind: 'manual', bytes: 5 }] });
  const slip = await post(`${place}/restore`, { backup: id, confirm: '9999' });
  expect([slip.status, slip.body.code]).toEqual([422, 'restore-confirm-differs']);
  const lost = await post(`${place}/restore`, { backup: fleet.gabunganId, confirm: fleet.kabupaten });
  expect([lost.status, lost.body.code]).toEqual([404, 'gabungan-backup-unknown']);
  const [{ count }] = (await world.db.query("SELECT count(*)::int AS count FROM run WHERE verb = 'restore'")) as [
    { count: number },
  ];
  expect(count).toBe(0);
  const asked = await post(`${place}/restore`, { backup: id, confirm: fleet.kabupaten });
  expect(asked).toMatchObject({ status: 202, body: { verb: 'restore', state: 'queued' } });
});

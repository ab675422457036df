import { policy } from '#libs/contract/rollouts.js';
import { ClockService } from '#libs/rollouts/clock.service.js';
import { PlansService } from '#libs/rollouts/plans.service.js';
import { Preparing } from '#libs/rollouts/preparing.js';
import { RolloutsService } from '#libs/rollouts/rollouts.service.js';
import { TicksService } from '#libs/rollouts/ticks.service.js';
import { RunsService } from '#libs/runs/runs.service.js';
import { openApiWorld, type ApiWorld } from './api-world.js';
import { furnish, NEW, StandInWorker, WAVES, type Fleet } from './rollout-world.js';

/** Two people made over HTTP, as an admin makes them: who asked for a plan may not approve it, the other one may. */
let world: ApiWorld;
let fleet: Fleet;
let [admin, ani, budi] = ['', '', ''];

/** Made by the admin, in with the first password, out of it, and a token of their own. */
async function person(username: string): Promise<string> {
  const body = { username, name: username, role: 'admin', kabupaten: [fleet.kabupaten] };
  const { password } = (await world.ask('POST', '/api/v1/users', { token: admin, body })).body;
  const entered = await world.ask('POST', '/api/v1/session', { body: { username, password } });
  const headers = { cookie: entered.headers.get('set-cookie')!.split(';')[0]!, 'x-siappakai': '1' };
  const next = { current: password, next: `${username} and a long one` };
  await world.ask('POST', '/api/v1/me/password', { headers, body: next });
  return (await world.ask('POST', '/api/v1/tokens', { headers, body: { name: 'test' } })).body.token;
}

beforeAll(async () => {
  world = await openApiWorld();
  fleet = await furnish(world.db, 3);
  admin = await world.person('kepala', 'admin');
  [ani, budi] = [await person('ani'), await person('budi')];
}, 240_000);
afterAll(() => world?.close());

const post = (path: string, token: string, body: unknown = {}) => world.ask('POST', `/api/v1${path}`, { token, body });

it('keeps the one who asked from approving, lets the other one, and the first may start it then', async () => {
  const wish = { gabungan: fleet.gabungan, version: NEW, settings: { waves: WAVES, fourEyes: true } };
  const { id, planHash } = (await post('/rollouts', ani, wish)).body;
  const alone = await post(`/rollouts/${id}/approve`, ani, { hash: planHash });
  expect([alone.status, alone.body.code]).toEqual([403, 'four-eyes']);
  expect((await post(`/rollouts/${id}/start`, ani)).body.code).toBe('rollout-state');
  const approved = await post(`/rollouts/${id}/approve`, budi, { hash: planHash });
  expect(approved.body).toMatchObject({ state: 'approved', askedBy: 'ani', approvedBy: 'budi' });
  expect((await post(`/rollouts/${id}/start`, ani)).body.state).toBe('running');
  expect((await post(`/rollouts/${id}/stop`, ani)).status).toBe(200);
}, 60_000);

it('holds for a policy: the clock lays its plan before people and begins nothing without one of them', async () => {
  const rules = policy.parse({ isOn: true, daysOut: 0, needsYes: false, settings: { fourEyes: true } });
  const path = `/api/v1/policies/${fleet.kabupaten}/opensid`;
  expect((await world.ask('PUT', path, { token: ani, body: rules })).status).toBe(200);
  await world.db.query(`UPDATE release SET created_at = '2026-03-01' WHERE version = $1`, [NEW]);
  // Monday 22:00 WIB, inside the window.
  let now = new Date('2026-04-06T15:00:00Z');
  const [plans, rollouts] = [new PlansService(world.db, () => now), new RolloutsService(world.db, () => now)];
  const ticks = new TicksService(world.db, { ring: async () => {} }, () => now);
  const worker = new StandInWorker(world.db, () => now);
  const runs = new RunsService(world.db, { ring: async () => {} });
  const preparing = new Preparing(world.db, runs, plans, async () => {});
  const drafts = async () =>
    (await world.ask('GET', '/api/v1/rollouts?state=draft', { token: budi })).body.items as {
      id: string;
      askedBy: string;
    }[];
  for (let hour = 0; hour < 4; hour += 1) {
    await new ClockService(world.db, { plans, rollouts, preparing }, { now: () => now, sleep: async () => {} }).tick();
    await ticks.sweep();
    await worker.work();
    now = new Date(now.getTime() + 3_600_000);
  }
  const [draft] = await drafts();
  expect(draft).toMatchObject({ askedBy: 'clock', state: 'draft' });
  const { planHash } = (await world.ask('GET', `/api/v1/rollouts/${draft!.id}`, { token: budi })).body;
  const approved = await post(`/rollouts/${draft!.id}/approve`, budi, { hash: planHash });
  expect(approved.body).toMatchObject({ state: 'approved', askedBy: 'clock', approvedBy: 'budi' });
}, 60_000);

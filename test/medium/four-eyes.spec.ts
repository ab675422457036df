import { openApiWorld, type ApiWorld } from './api-world.js';
import { furnish, NEW, WAVES, type Fleet } from './rollout-world.js';

/** Two people made over HTTP, as an admin makes them. A policy's four eyes: rollout-clock.spec.ts. */
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

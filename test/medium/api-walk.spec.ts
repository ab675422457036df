/* eslint-disable max-lines -- one table of every route is easier to find than two */
import { newId } from '#libs/core/ids.js';
import { seal } from '#libs/core/seal.js';
import { Secret } from '#libs/core/secret.js';
import { openApiOf } from '../../apps/api/openapi.js';
import { openApiWorld, type Answer, type ApiWorld } from './api-world.js';

/** Every route of the OpenAPI document, as nobody, as a reader, as a neighbour, and what each change leaves behind. */
interface Route {
  method: string;
  path: string;
}
const PUBLIC = ['POST /api/v1/session', 'GET /healthz'];
/** Open with a first password; all else waits until it was changed. */
const EARLY = ['DELETE /api/v1/session', 'GET /api/v1/me', 'POST /api/v1/me/password'];
/** Changes of one's own things: open to every role. */
const OWN = ['DELETE /api/v1/session', 'POST /api/v1/me/password', 'POST /api/v1/tokens', 'DELETE /api/v1/tokens/{id}'];

let world: ApiWorld;
let routes: Route[];
let admin: string;
let reader: string;
let neighbour: string;
let newcomer: { cookie: string; 'x-siappakai': string };
const there = {
  runId: newId(),
  desaId: newId(),
  code: '1307012001',
  rolloutId: newId(),
  holdId: newId(),
  driftId: newId(),
  tokenId: '',
};

beforeAll(async () => {
  world = await openApiWorld();
  routes = Object.entries(openApiOf(world.api).paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
  admin = await world.person('all', 'admin');
  const ours = await world.ask('POST', '/api/v1/kabupaten', { token: admin, body: { code: '13.07' } });
  const theirs = await world.ask('POST', '/api/v1/kabupaten', { token: admin, body: { code: '13.06' } });
  reader = await world.person('reader', 'reader', [ours.body.id]);
  neighbour = await world.person('neighbour', 'admin', [theirs.body.id]);
  await world.person('warga', 'operator', [ours.body.id]);
  const baru = { username: 'baru', name: 'Baru', role: 'admin', kabupaten: [] };
  const { password } = (await world.ask('POST', '/api/v1/users', { token: admin, body: baru })).body;
  const entered = await world.ask('POST', '/api/v1/session', { body: { username: 'baru', password } });
  newcomer = { cookie: entered.headers.get('set-cookie')!.split(';')[0]!, 'x-siappakai': '1' };
  [{ id: there.tokenId }] = await world.db.query(
    `SELECT t.id FROM api_token t JOIN app_user u ON u.id = t.user_id WHERE u.username = 'warga'`,
  );
  await furnish(ours.body.id);
}, 120_000);
afterAll(() => world?.close());

async function furnish(kabupatenId: string): Promise<void> {
  const desa = await world.ask('POST', '/api/v1/desa', {
    token: admin,
    body: { code: there.code, domain: 'kurai.contoh.id' },
  });
  there.desaId = desa.body.id;
  await world.db.query(
    `INSERT INTO run (id, kabupaten_id, verb, subject_kind, subject_id, subject_label, state, asked_by)
     VALUES ($1, $2, 'install', 'desa', $3, 'Kurai', 'queued', 'all')`,
    [there.runId, kabupatenId, there.desaId],
  );
  const [server, gabungan, release] = [newId(), newId(), newId()];
  await world.db.query(`INSERT INTO server (id, kabupaten_id, name, address) VALUES ($1, $2, 'satu', 'unix:/none')`, [
    server,
    kabupatenId,
  ]);
  await world.db.query(
    `INSERT INTO gabungan (id, kabupaten_id, server_id, name, edition, host, database_name, admin_user, admin_password, owner_user, owner_password, reader_user, reader_password, state)
     VALUES ($1, $2, $3, 'gab', 'umum', 'h', 'd', 'a', 'sealed', 'o', 'sealed', 'r', 'sealed', 'running')`,
    [gabungan, kabupatenId, server],
  );
  await world.db.query(
    `INSERT INTO release (id, app, version, edition, sha256, source, archive_path, php, state) VALUES ($1, 'opensid', 'v2601.0.0', 'umum', 'x', 'x', 'x', '8.2', 'built')`,
    [release],
  );
  await world.db.query(
    `INSERT INTO installation (id, kabupaten_id, desa_id, app, state, server_id, gabungan_id, uid, runtime_password, administrator_password)
     VALUES ($1, $2, $3, 'opensid', 'running', $4, $5, 20000, 'sealed', $6)`,
    [newId(), kabupatenId, there.desaId, server, gabungan, seal(world.ring, new Secret('Rahasia-1'))],
  );
  await world.db.query(
    `INSERT INTO rollout (id, kabupaten_id, gabungan_id, app, release_id, state, settings, seed, plan, plan_hash, asked_by)
     VALUES ($1, $2, $3, 'opensid', $4, 'draft', '{}', 1, '{"desa": [], "problems": []}', 'hash', 'all')`,
    [there.rolloutId, kabupatenId, gabungan, release],
  );
  await world.db.query(
    `INSERT INTO drift (id, kabupaten_id, server_id, kind, key, subject, evidence, first_seen_at, last_seen_at, told_at)
     VALUES ($1, $2, $3, 'gateway-stopped', 'kurai', 'kurai', '{"state": "exited"}', now(), now(), now())`,
    [there.driftId, kabupatenId, server],
  );
  await world.db.query(
    `INSERT INTO hold (id, kabupaten_id, desa_id, reason, asked_by) VALUES ($1, $2, $3, 'tahan dulu', 'all')`,
    [there.holdId, kabupatenId, there.desaId],
  );
}

const BODIES: Record<string, unknown> = {
  'POST /api/v1/gabungan/{name}/kept/{id}/drop': { confirm: '13.07' },
  'PATCH /api/v1/gabungan/{name}': { keepBackups: 3 },
  'POST /api/v1/gabungan/{name}/restore': { backup: newId(), confirm: '13.07' },
  'POST /api/v1/servers/{name}/drain': { reason: 'diganti' },
  'PUT /api/v1/servers/{name}/internal-address': { address: '10.9.8.7' },
  'PUT /api/v1/servers/{name}/labels': { labels: ['ssd'] },
  'PUT /api/v1/servers/{name}/limit': { atOnce: 2 },
  'PUT /api/v1/servers/{name}/https': { way: 'off' },
  'POST /api/v1/session': { username: 'x', password: 'x' },
  'POST /api/v1/me/password': { current: 'x', next: 'a new long password' },
  'POST /api/v1/tokens': { name: 'x' },
  'POST /api/v1/kabupaten': { code: '13.05' },
  'POST /api/v1/desa': { code: '1307012002', domain: 'rimbang.contoh.id' },
  'POST /api/v1/desa/import': { csv: 'code,domain\n1307012003,bungo.contoh.id' },
  'PATCH /api/v1/desa/{code}': { note: 'x' },
  'PATCH /api/v1/kabupaten/{code}': { subscriptionEnd: '2026-12' },
  'POST /api/v1/desa/{code}/install': {},
  'POST /api/v1/desa/{code}/update': { version: 'v2601.0.0' },
  'POST /api/v1/desa/{code}/remove': { confirm: there.code },
  'POST /api/v1/desa/{code}/administrator': {},
  'POST /api/v1/desa/{code}/move': { server: 'satu' },
  'POST /api/v1/desa/{code}/settle': {},
  'POST /api/v1/runs/{id}/clear': { reason: 'looked at it' },
  'POST /api/v1/servers': { kabupaten: '13.07', name: 'dua' },
  'POST /api/v1/servers/{name}/trust': { fingerprint: `SHA256:${'A'.repeat(43)}` },
  'POST /api/v1/servers/{name}/enrol': {},
  'POST /api/v1/gabungan': { kabupaten: '13.07', server: 'satu', name: 'lain' },
  'POST /api/v1/releases': { app: 'opensid', path: '/none' },
  'POST /api/v1/releases/{app}/{version}/withdraw': { reason: 'merusak halaman' },
  'POST /api/v1/rollouts/plan': { gabungan: 'gab', version: 'v2601.0.0' },
  'POST /api/v1/rollouts': { gabungan: 'gab', version: 'v2601.0.0' },
  'POST /api/v1/rollouts/{id}/approve': { hash: 'hash' },
  'POST /api/v1/rollouts/{id}/retry': { desa: [there.code] },
  'POST /api/v1/rollouts/{id}/hold': { desa: [there.code] },
  'POST /api/v1/holds': { desa: there.code, reason: 'pemilihan kepala desa' },
  'PUT /api/v1/policies/{kabupaten}/{app}': { isOn: false },
  'PUT /api/v1/drift/policies/{kabupaten}': { byItself: 'safe' },
  'POST /api/v1/users': { username: 'kurai', name: 'Kurai', role: 'reader', kabupaten: ['1307'] },
  'PATCH /api/v1/users/{username}': { name: 'Kurai' },
};
const WITHOUT_BODY = [
  ...['disable', 'enable', 'reset-password'].map((act) => `POST /api/v1/users/{username}/${act}`),
  'POST /api/v1/drift/repair',
  'POST /api/v1/servers/{name}/moves',
  'POST /api/v1/drift/{id}/repair',
  'POST /api/v1/gabungan/{name}/backup',
  ...['start', 'pause', 'resume', 'stop', 'release-gate'].map((act) => `POST /api/v1/rollouts/{id}/${act}`),
  'POST /api/v1/runs/{id}/cancel',
  'POST /api/v1/servers/{name}/check',
  'POST /api/v1/servers/{name}/rotate-key',
  'POST /api/v1/gabungan/{name}/check',
  'POST /api/v1/releases/{app}/{version}/build',
  'POST /api/v1/releases/{app}/{version}/ship',
];

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;
const isChange = ({ method }: Route): boolean => method !== 'GET';

function placeOf(path: string): string {
  const name = path.includes('gabungan') ? 'gab' : 'satu';
  const ids = { rollouts: there.rolloutId, holds: there.holdId, drift: there.driftId, users: there.tokenId };
  const id = Object.entries(ids).find(([noun]) => path.includes(`/${noun}/`))?.[1] ?? there.runId;
  return path
    .replace('{code}', path.includes('/kabupaten/') ? '1307' : there.code)
    .replace('{id}', id)
    .replace('{username}', 'warga')
    .replace('{kabupaten}', '1307')
    .replace('{name}', name)
    .replace('{app}', 'opensid')
    .replace('{version}', 'v2601.0.0');
}
const call = (route: Route, token?: string, headers?: Record<string, string>): Promise<Answer> =>
  world.ask(route.method, `${placeOf(route.path)}${route.path.endsWith('/wilayah') ? '?q=kurai' : ''}`, {
    token,
    headers,
    body: BODIES[nameOf(route)],
  });

it('knows a body for every change, so that a new route cannot slip by', () => {
  const changes = routes.filter(({ method }) => ['POST', 'PUT', 'PATCH'].includes(method)).map(nameOf);
  expect(changes.filter((name) => !(name in BODIES) && !WITHOUT_BODY.includes(name))).toEqual([]);
  expect(routes.length).toBeGreaterThan(25);
});

it('answers nobody but 401, except where a route is public', async () => {
  for (const route of routes.filter((one) => !PUBLIC.includes(nameOf(one)))) {
    const { status, headers } = await call(route);
    expect([nameOf(route), status, headers.get('content-type')]).toEqual([
      nameOf(route),
      401,
      'application/problem+json; charset=utf-8',
    ]);
  }
});

it('lets a reader change nothing but their own session, password and tokens', async () => {
  for (const route of routes.filter((one) => isChange(one) && ![...PUBLIC, ...OWN].includes(nameOf(one)))) {
    const { status, body } = await call(route, reader);
    expect([nameOf(route), status, body.code]).toEqual([nameOf(route), 403, 'forbidden']);
  }
});

it('opens nothing to a first password but changing it and leaving', async () => {
  for (const route of routes.filter((one) => ![...PUBLIC, ...EARLY].includes(nameOf(one)))) {
    const { status, body } = await call(route, undefined, newcomer);
    expect([nameOf(route), status, body.code]).toEqual([nameOf(route), 403, 'password-must-change']);
  }
});

it('answers 404 or 403 to a neighbour for everything that names a thing of another kabupaten', async () => {
  const foreign = routes.filter(
    ({ path }) => /\{(code|id|name|kabupaten|username)\}/.test(path) && !path.startsWith('/api/v1/tokens/'),
  );
  expect(foreign.length).toBeGreaterThan(9);
  for (const route of foreign) {
    const { status } = await call(route, neighbour);
    expect([nameOf(route), [403, 404].includes(status), status]).toEqual([nameOf(route), true, status]);
  }
});

it('shows a neighbour nothing of another kabupaten in any list', async () => {
  const lists = routes.filter(
    ({ method, path }) => method === 'GET' && !path.includes('{') && !/wilayah|healthz|releases/.test(path),
  );
  for (const route of lists) {
    const { status, body } = await call(route, neighbour);
    expect([nameOf(route), status]).toEqual([nameOf(route), 200]);
    expect([nameOf(route), JSON.stringify(body).match(/1307|Kurai|kurai/g)]).toEqual([nameOf(route), null]);
  }
});

it('lets nobody reach into another kabupaten by a body', async () => {
  const into = ['desa', 'servers', 'gabungan', 'kabupaten', 'rollouts', 'rollouts/plan', 'holds', 'users'].map(
    (noun) => `POST /api/v1/${noun}`,
  );
  for (const route of routes.filter((one) => into.includes(nameOf(one)))) {
    const { status } = await call(route, neighbour);
    expect([nameOf(route), [403, 404, 422].includes(status), status]).toEqual([nameOf(route), true, status]);
  }
  const listed = await world.ask('POST', '/api/v1/desa/import', {
    token: neighbour,
    body: BODIES['POST /api/v1/desa/import'],
  });
  expect(listed.body).toMatchObject({ accepted: 0, applied: false });
});

describe('every change leaves an audit row that says who', () => {
  const CHANGES = [
    'POST /api/v1/kabupaten',
    'POST /api/v1/desa',
    'POST /api/v1/desa/import',
    'PATCH /api/v1/desa/{code}',
    'POST /api/v1/desa/{code}/administrator',
    'POST /api/v1/tokens',
    'POST /api/v1/runs/{id}/cancel',
    'POST /api/v1/desa/{code}/update',
    'POST /api/v1/servers',
    'POST /api/v1/servers/{name}/drain',
    'DELETE /api/v1/servers/{name}/drain',
    'PUT /api/v1/servers/{name}/internal-address',
    'PUT /api/v1/servers/{name}/labels',
    'PUT /api/v1/servers/{name}/limit',
    'POST /api/v1/gabungan',
    'POST /api/v1/releases',
    'POST /api/v1/releases/{app}/{version}/build',
    'POST /api/v1/rollouts/plan',
    'POST /api/v1/rollouts',
    'POST /api/v1/rollouts/{id}/stop',
    'DELETE /api/v1/holds/{id}',
    'POST /api/v1/holds',
    'PUT /api/v1/policies/{kabupaten}/{app}',
    'POST /api/v1/releases/{app}/{version}/withdraw',
    'PUT /api/v1/drift/policies/{kabupaten}',
    'POST /api/v1/drift/{id}/repair',
    'POST /api/v1/users',
    'PATCH /api/v1/users/{username}',
    'POST /api/v1/users/{username}/reset-password',
    'DELETE /api/v1/users/{username}/tokens/{id}',
    'POST /api/v1/users/{username}/disable',
    'POST /api/v1/users/{username}/enable',
  ];
  const last = async (): Promise<{ id: number; actor: string }> =>
    (await world.db.query('SELECT id::int, actor FROM audit ORDER BY id DESC LIMIT 1'))[0];

  it.each(CHANGES)('%s', async (name) => {
    const before = await last();
    const [method, path] = name.split(' ') as [string, string];
    const { status, body } = await call({ method, path }, admin);
    expect([status < 300, body]).toEqual([true, body]);
    const after = await last();
    expect(after.id).toBeGreaterThan(before.id);
    expect(after.actor).toBe('all');
  });
});

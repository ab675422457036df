import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join, resolve } from 'node:path';
import { DataSource } from 'typeorm';
import * as names from '#libs/catalog/names.js';
import type { Desa, GabunganView, Run, RunWithSteps } from '#libs/contract/contract.js';
import { startPostgres, type EmbeddedPostgres } from '#libs/database/embedded.js';
import { until } from '#libs/core/retry.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import { startControlPlane, type ControlPlane } from '../demo/control-plane.js';
import { visit } from '../demo/prober.js';
import { clearWorld } from '../demo/world.js';
import { addStandIn } from '../demo/releases.js';
import { worldOf } from './worlds.js';
import { startExternalMariadb, type ExternalMariadb } from '../medium/external-mariadb.js';

const { folder: FOLDER, server: SERVER, gabungan: GABUNGAN, port: PORT, sitePort: SITE_PORT } = worldOf('tempat');
const [SILENT, FAR, SILENT_PORT] = ['tempatdiam', 'tempatjauh', SITE_PORT + 1];
const [SHARED, OWN, AWAY] = ['1307012001', '1307012002', '1307012003'] as const;
const docker = connectEngine('unix:/var/run/docker.sock');
const domainOf = (code: string): string => `d${code}.places.test`;
let postgres: EmbeddedPostgres;
let db: DataSource;
let plane: ControlPlane;
let external: ExternalMariadb;
let silent: Server;

const runTo = async (path: string, body: unknown): Promise<RunWithSteps> => {
  const { id } = await plane.client.post<{ id: string }>(path, body);
  return plane.client.follow(id);
};
const done = async (path: string, body: unknown): Promise<unknown> => plane.client.finish(path, body);
const versionOf = async (code: string): Promise<string | undefined> => {
  const { body } = await visit(SITE_PORT, domainOf(code), '/index.php/siteman');
  return /OpenSID<\/a> v?(\S+?)</.exec(body)?.[1];
};
const shared = (version: string): string => names.runtime('opensid', version, GABUNGAN);
const own = (version: string): string => names.runtime('opensid', version, GABUNGAN, names.site(OWN));
/** When it was started: another time is another life. */
const since = (container: string): string =>
  execFileSync('docker', ['inspect', '--format', '{{.State.StartedAt}}', container], { encoding: 'utf8' });
const sitesIn = async (container: string): Promise<string[]> =>
  (await docker.exec(container, ['ls', '/conf/sites'])).stdout.trim().split('\n');
const runtimes = async (): Promise<string[]> =>
  (await docker.containers({ 'siappakai.gabungan': GABUNGAN, 'siappakai.app': 'opensid' }))
    .filter(({ state }) => state === 'running')
    .map(({ name }) => name)
    .sort();

async function clear(): Promise<void> {
  await clearWorld(FOLDER, SERVER, FAR);
  await clearWorld(FOLDER, SERVER, GABUNGAN);
}

const release = (version: string): Promise<void> => addStandIn(plane.client, resolve(FOLDER, 'archives'), version);

beforeAll(async () => {
  await clear();
  mkdirSync(FOLDER, { recursive: true });
  postgres = await startPostgres({ folder: join(FOLDER, 'postgres') });
  db = await new DataSource({ type: 'postgres', url: postgres.url }).initialize();
  // The disk is filled by a test: what must stay free is not what stops it.
  plane = await startControlPlane(FOLDER, PORT, { DATABASE_URL: postgres.url, REDIS_URL: '', MIN_FREE_MIB: '0' });
  await plane.client.post('/kabupaten', { code: '1307' });
  const server = { kabupaten: '1307', name: SERVER, httpPort: SITE_PORT, httpAddress: '127.0.0.1' };
  await plane.client.post('/servers', server);
  await done('/gabungan', { kabupaten: '1307', server: SERVER, name: GABUNGAN });
  for (const version of ['v2601.0.0', 'v2602.0.0']) await release(version);
  for (const code of [SHARED, OWN, AWAY]) await plane.client.post('/desa', { code, domain: domainOf(code) });
}, 600_000);

afterAll(async () => {
  silent?.close();
  await plane?.stop();
  await db?.destroy();
  await postgres?.stop();
  await clear();
  await external?.remove();
}, 120_000);

/** The order matters: each test stands on the world the one before left. */
describe('a desa with a runtime of its own', () => {
  it('is installed into it, and the shared one neither holds it nor starts anew', async () => {
    await done(`/desa/${SHARED}/install`, { version: 'v2601.0.0', gabungan: GABUNGAN });
    const before = since(shared('v2601.0.0'));
    await done(`/desa/${OWN}/install`, { version: 'v2601.0.0', gabungan: GABUNGAN, isolation: 'own' });
    expect(await runtimes()).toEqual([shared('v2601.0.0'), own('v2601.0.0')].sort());
    expect(await sitesIn(shared('v2601.0.0'))).toEqual([names.site(SHARED)]);
    expect(await sitesIn(own('v2601.0.0'))).toEqual([names.site(OWN)]);
    expect(since(shared('v2601.0.0'))).toBe(before);
    expect([await versionOf(SHARED), await versionOf(OWN)]).toEqual(['2601.0.0', '2601.0.0']);
    await docker.stop(own('v2601.0.0'));
    expect((await visit(SITE_PORT, domainOf(OWN), '/index.php/siteman')).status).toBeGreaterThanOrEqual(500);
    expect(await versionOf(SHARED)).toBe('2601.0.0');
    await docker.start(own('v2601.0.0'));
  }, 240_000);

  it('with a full disk under the backup is not updated, serves on, and nothing is left half-done', async () => {
    const backups = join(FOLDER, 'backups');
    mkdirSync(backups, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', backups]);
    try {
      const run = await runTo(`/desa/${OWN}/update`, { version: 'v2602.0.0' });
      expect(run).toMatchObject({ state: 'undone', problem: { code: 'disk-full' } });
      expect(readdirSync(backups, { recursive: true })).toEqual([OWN]);
    } finally {
      execFileSync('umount', [backups]);
    }
    expect(await versionOf(OWN)).toBe('2601.0.0');
    expect(await runtimes()).toEqual([shared('v2601.0.0'), own('v2601.0.0')].sort());
  }, 240_000);

  it('is updated into another of its own; the route follows, the shared one is untouched', async () => {
    const before = since(shared('v2601.0.0'));
    await done(`/desa/${OWN}/update`, { version: 'v2602.0.0' });
    expect(await runtimes()).toEqual([shared('v2601.0.0'), own('v2602.0.0')].sort());
    expect([await versionOf(SHARED), await versionOf(OWN)]).toEqual(['2601.0.0', '2602.0.0']);
    expect(since(shared('v2601.0.0'))).toBe(before);
    await done(`/desa/${SHARED}/update`, { version: 'v2602.0.0' });
    expect(await sitesIn(shared('v2602.0.0'))).toEqual([names.site(SHARED)]);
    expect(await runtimes()).toEqual([shared('v2602.0.0'), own('v2602.0.0')].sort());
  }, 240_000);

  it('is removed with its runtime, and the others go on', async () => {
    await done(`/desa/${OWN}/remove`, { confirm: OWN });
    expect(await runtimes()).toEqual([shared('v2602.0.0')]);
    expect((await visit(SITE_PORT, domainOf(OWN), '/index.php/siteman')).status).toBe(404);
    expect(await versionOf(SHARED)).toBe('2602.0.0');
  }, 120_000);
});

describe('a merged database on a MariaDB of somebody else', () => {
  it('refuses a wrong password by name and may be asked for again with the right one', async () => {
    external = await startExternalMariadb(docker);
    const { host, port, user, password } = external;
    const wanted = { kabupaten: '1307', server: SERVER, name: FAR };
    const run = await runTo('/gabungan', { ...wanted, external: { host, port, user, password: 'keliru' } });
    expect(run).toMatchObject({ state: 'undone', problem: { code: 'gabungan-password-wrong' } });
    await done('/gabungan', { ...wanted, external: { host, port, user, password: password.reveal() } });
  }, 240_000);

  it('carries a desa: its runtime reaches it, the site answers, the invariants hold', async () => {
    await done(`/desa/${AWAY}/install`, { version: 'v2601.0.0', gabungan: FAR });
    expect(await versionOf(AWAY)).toBe('2601.0.0');
    const gabungan = await plane.client.get<GabunganView>(`/gabungan/${FAR}`);
    expect(gabungan).toMatchObject({ host: external.host, state: 'running' });
    expect(gabungan.invariants?.filter(({ expected, observed }) => expected !== observed)).toEqual([]);
    await done(`/desa/${AWAY}/update`, { version: 'v2602.0.0' });
    expect(await versionOf(AWAY)).toBe('2602.0.0');
  }, 240_000);
});

describe('a server that takes the call and says nothing', () => {
  it('lets its own runs wait and says for whom, while the runs of another server go on', async () => {
    const socket = join(FOLDER, 'silent.sock');
    silent = createServer().listen(socket);
    await plane.client.post('/servers', {
      kabupaten: '1307',
      name: SILENT,
      httpPort: SILENT_PORT,
      httpAddress: '127.0.0.1',
    });
    await db.query('UPDATE server SET address = $2 WHERE name = $1', [SILENT, `unix:${socket}`]);
    const { id } = await plane.client.post<{ id: string }>('/gabungan', {
      kabupaten: '1307',
      server: SILENT,
      name: SILENT,
    });
    await plane.client.post(`/gabungan/${GABUNGAN}/check`);
    const { items } = await plane.client.get<{ items: Run[] }>('/runs?limit=5');
    const beside = items.find(({ verb, subjectLabel }) => verb === 'check' && subjectLabel === GABUNGAN)!;
    expect(beside.state).toBe('done');
    const look = async (): Promise<Run | undefined> => {
      const run = await plane.client.get<Run>(`/runs/${id}`);
      return run.state === 'queued' && run.waiting ? run : undefined;
    };
    const late = (): Error => new Error('it does not wait');
    const run = await until(look, { timeoutSeconds: 60, late });
    expect(run).toMatchObject({ waiting: `server:${SILENT}`, problem: null });
    await plane.client.post(`/runs/${id}/cancel`);
    const check = plane.client.post(`/servers/${SILENT}/check`);
    await expect(check).rejects.toMatchObject({ status: 503, body: expect.stringContaining('server-unreachable') });
    const desa = await plane.client.get<Desa>(`/desa/${SHARED}`);
    expect(desa.installations[0]).toMatchObject({ state: 'running', observedVersion: '2602.0.0' });
  }, 120_000);
});

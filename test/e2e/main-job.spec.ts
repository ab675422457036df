import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as names from '#libs/catalog/names.js';
import { until } from '#libs/core/retry.js';
import type { Desa, GabunganView, RunWithSteps } from '#libs/contract/contract.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import { startControlPlane, type ControlPlane } from '../demo/control-plane.js';
import { probe, visit } from '../demo/prober.js';
import { clearWorld } from '../demo/world.js';
import { addStandIn } from '../demo/releases.js';
import { worldOf } from './worlds.js';

const { folder: FOLDER, server: SERVER, gabungan: GABUNGAN, port: PORT, sitePort: SITE_PORT } = worldOf('tugas');
const [FIRST, SECOND, THIRD] = ['1307012001', '1307012002', '1307012003'] as const;
const docker = connectEngine('unix:/var/run/docker.sock');
const domainOf = (code: string): string => `d${code}.e2e.test`;
let plane: ControlPlane;

const runTo = async (path: string, body: unknown): Promise<RunWithSteps> => {
  const { id } = await plane.client.post<{ id: string }>(path, body);
  return plane.client.follow(id);
};
const release = (version: string): Promise<void> => addStandIn(plane.client, resolve(FOLDER, 'archives'), version);
const answer = async (code: string): Promise<{ status: number; version?: string; body: string }> => {
  const { status, body } = await visit(SITE_PORT, domainOf(code), '/index.php/siteman');
  return { status, body, version: /OpenSID<\/a> v?(\S+?)</.exec(body)?.[1] };
};
const problemOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'nothing was refused',
    (error: { body?: string }) => (JSON.parse(error.body ?? '{}') as { code?: string }).code ?? String(error),
  );
const leftovers = async (): Promise<string[]> =>
  (await docker.containers({ 'siappakai.gabungan': GABUNGAN }))
    .map(({ name }) => name)
    .filter((name) => name.includes('-run-') || name.endsWith('-task'));

beforeAll(async () => {
  await clearWorld(FOLDER, SERVER, GABUNGAN);
  plane = await startControlPlane(FOLDER, PORT, { DATABASE_URL: '', REDIS_URL: '' });
  await plane.client.post('/kabupaten', { code: '1307' });
  await plane.client.post('/servers', {
    kabupaten: '1307',
    name: SERVER,
    httpPort: SITE_PORT,
    httpAddress: '127.0.0.1',
  });
  await plane.client.finish('/gabungan', { kabupaten: '1307', server: SERVER, name: GABUNGAN });
  for (const version of ['v2601.0.0', 'v2602.0.0', 'v2602.1.0', 'v2602.2.0']) await release(version);
}, 600_000);

afterAll(async () => {
  await plane?.stop();
  await clearWorld(FOLDER, SERVER, GABUNGAN);
}, 120_000);

/** The order matters: each test stands on the world the one before left. */
describe('the main job', () => {
  it('refuses what cannot be right, with a code, and changes nothing', async () => {
    const { client } = plane;
    expect(await problemOf(client.post('/desa', { code: '9999999999', domain: 'a.e2e.test' }))).toBe(
      'desa-not-in-register',
    );
    expect(await problemOf(client.post('/desa', { code: '3303012001', domain: 'a.e2e.test' }))).toMatch(
      /desa-other-kabupaten|kabupaten-unknown/,
    );
    expect(await problemOf(client.post('/desa', { code: FIRST, domain: 'bukan domain' }))).toBe('domain-malformed');
    await client.post('/desa', { code: FIRST, domain: domainOf(FIRST), name: `Nagari D'Koto "Baru"` });
    expect(await problemOf(client.post('/desa', { code: SECOND, domain: domainOf(FIRST) }))).toBe('domain-taken');
    await client.post('/desa', { code: SECOND, domain: domainOf(SECOND) });
    await client.post('/desa', { code: THIRD, domain: domainOf(THIRD) });
    expect(
      await problemOf(client.post('/releases', { app: 'opensid', path: resolve('test/fixtures/apps/hostile') })),
    ).toBe('release-wrong-app');
  });

  it('shows a plan without touching the world', async () => {
    const planned = await runTo(`/desa/${FIRST}/install`, { version: 'v2601.0.0', dryRun: true });
    expect(planned.state).toBe('done');
    expect(planned.steps.flatMap(({ says }) => says).join('\n')).toContain('[rahasia]');
    expect((await answer(FIRST)).status).toBe(404);
  }, 60_000);

  it('installs desa one registration at a time and records what each site answered', async () => {
    const runs = await Promise.all(
      [FIRST, SECOND].map((code) => runTo(`/desa/${code}/install`, { version: 'v2601.0.0' })),
    );
    for (const run of runs) expect(run).toMatchObject({ state: 'done', problem: null });
    const first = await answer(FIRST);
    expect(first).toMatchObject({ status: 200, version: '2601.0.0' });
    expect(first.body).toContain('D&#039;Koto &quot;Baru&quot;');
    const desa = await plane.client.get<Desa>(`/desa/${FIRST}`);
    expect(desa.installations[0]).toMatchObject({ state: 'running', observedVersion: '2601.0.0' });
    const gabungan = await plane.client.get<GabunganView>(`/gabungan/${GABUNGAN}`);
    expect(gabungan.invariants?.filter(({ expected, observed }) => expected !== observed)).toEqual([]);
    expect(gabungan.invariants?.length).toBeGreaterThan(8);
  }, 240_000);

  it('refuses a second run on the same desa while one is open, and a release that is not of the gabungan', async () => {
    const { id } = await plane.client.post<{ id: string }>(`/desa/${THIRD}/install`, { version: 'v2601.0.0' });
    expect(await problemOf(plane.client.post(`/desa/${THIRD}/install`, { version: 'v2601.0.0' }))).toBe('run-open');
    expect((await plane.client.follow(id)).state).toBe('done');
  }, 240_000);

  it('denies at the edge what must never be public', async () => {
    for (const path of [
      '/desa/app_key',
      '/desa/config/database.php',
      '/composer.json',
      '/index.php/install',
      '/koneksi_database/config',
      '/storage/logs/x',
      '/.htaccess',
    ])
      expect([path, (await visit(SITE_PORT, domainOf(FIRST), path)).status]).toEqual([path, 404]);
  });

  it('updates with a migration and a verified backup while no request fails', async () => {
    const prober = probe(SITE_PORT, [FIRST, SECOND, THIRD].map(domainOf), '/index.php/siteman', 20);
    for (const code of [FIRST, SECOND])
      expect(await runTo(`/desa/${code}/update`, { version: 'v2602.0.0' })).toMatchObject({
        state: 'done',
        problem: null,
      });
    const probed = [...(await prober.stop()).values()];
    expect(probed.every(({ asked }) => asked > 20)).toBe(true);
    expect(probed.map(({ failed, reasons }) => ({ failed, reasons }))).toEqual(
      probed.map(() => ({ failed: 0, reasons: {} })),
    );
    expect((await answer(FIRST)).version).toBe('2602.0.0');
    expect((await answer(THIRD)).version).toBe('2601.0.0');
    expect(readdirSync(resolve(FOLDER, 'backups', FIRST))).toHaveLength(1);
  }, 300_000);

  it('leaves the old release serving when the new one answers 500', async () => {
    const run = await runTo(`/desa/${FIRST}/update`, { version: 'v2602.1.0' });
    expect(run).toMatchObject({ state: 'undone', problem: { code: 'site-not-proved' } });
    expect(await answer(FIRST)).toMatchObject({ status: 200, version: '2602.0.0' });
    expect(await docker.container(names.runtime('opensid', 'v2602.1.0', GABUNGAN))).toBeUndefined();
  }, 120_000);

  it('stops at a migration that swallowed its error, before any visitor sees the release', async () => {
    const run = await runTo(`/desa/${FIRST}/update`, { version: 'v2602.2.0' });
    expect(run).toMatchObject({ state: 'undone', problem: { code: 'migration-swallowed-errors' } });
    expect(await answer(FIRST)).toMatchObject({ status: 200, version: '2602.0.0' });
    expect(await leftovers()).toEqual([]);
  }, 120_000);

  it('refuses a release below the running one', async () => {
    const run = await runTo(`/desa/${FIRST}/update`, { version: 'v2601.0.0' });
    expect(run).toMatchObject({ state: 'undone', problem: { code: 'release-below-running' } });
  }, 60_000);

  it('killed in the middle goes on where it was, and no half-done thing stays', async () => {
    const { id } = await plane.client.post<{ id: string }>(`/desa/${THIRD}/update`, { version: 'v2602.0.0' });
    await new Promise((wake) => setTimeout(wake, 500));
    killWorker(plane.process.pid!);
    const run = await plane.client.follow(id);
    expect(run).toMatchObject({ state: 'done', problem: null });
    expect((await answer(THIRD)).version).toBe('2602.0.0');
    expect(await leftovers()).toEqual([]);
    expect(await docker.container(names.runtime('opensid', 'v2601.0.0', GABUNGAN))).toBeUndefined();
  }, 240_000);

  it('with MariaDB stopped in the middle ends undone, and works again when it is back', async () => {
    await docker.stop(names.gabunganContainer(GABUNGAN));
    const run = await runTo(`/desa/${SECOND}/update`, { version: 'v2602.1.0' });
    expect(run).toMatchObject({ state: 'undone', problem: { code: 'gabungan-unreachable' } });
    await docker.start(names.gabunganContainer(GABUNGAN));
    const check = (): Promise<true | undefined> =>
      plane.client.post(`/gabungan/${GABUNGAN}/check`).then(
        () => true as const,
        () => undefined,
      );
    await until(check, { timeoutSeconds: 60, everyMilliseconds: 1000, late: () => new Error('it did not come back') });
    expect((await answer(SECOND)).status).toBe(200);
  }, 180_000);

  it('with MariaDB stopped inside a migration ends undone, the old release serves, and the next try ends done', async () => {
    await release('v2602.3.0');
    const { id } = await plane.client.post<{ id: string }>(`/desa/${THIRD}/update`, { version: 'v2602.3.0' });
    await until(() => isMigrating(id), { timeoutSeconds: 60, late: () => new Error('it never migrated') });
    await docker.stop(names.gabunganContainer(GABUNGAN));
    const run = await plane.client.follow(id);
    expect(run.state).toBe('undone');
    await docker.start(names.gabunganContainer(GABUNGAN));
    const back = async (): Promise<true | undefined> => ((await answer(THIRD)).status === 200 ? true : undefined);
    await until(back, { timeoutSeconds: 60, late: () => new Error('the old release does not serve') });
    expect((await answer(THIRD)).version).toBe('2602.0.0');
    expect(await leftovers()).toEqual([]);
    expect(await runTo(`/desa/${THIRD}/update`, { version: 'v2602.3.0' })).toMatchObject({
      state: 'done',
      problem: null,
    });
    expect((await answer(THIRD)).version).toBe('2602.3.0');
  }, 300_000);

  it('protects the desa on whose row the others stand, and removes another with its export as the receipt', async () => {
    // The first two were installed at once: which of them was registered first is not ours to say.
    const outcomes: Record<string, string> = {};
    for (const code of [FIRST, SECOND]) {
      const { state, problem } = await runTo(`/desa/${code}/remove`, { confirm: code });
      outcomes[problem?.code ?? state] = code;
    }
    expect(Object.keys(outcomes).sort()).toEqual(['desa-protected', 'done']);
    const [kept, removed] = [outcomes['desa-protected']!, outcomes['done']!];
    expect((await answer(removed)).status).toBe(404);
    for (const code of [kept, THIRD]) expect((await answer(code)).status).toBe(200);
    const receipts = readdirSync(resolve(FOLDER, 'backups', removed)).filter((name) => name.startsWith('remove-'));
    expect(receipts).toHaveLength(1);
  }, 180_000);

  it('leaves no password in a log, a plan or a container that may be inspected', async () => {
    const password = readFileSync(resolve(FOLDER, 'key'), 'utf8').trim().split(':').at(-1)!;
    const inspected = execFileSync(
      'docker',
      ['inspect', ...(await docker.containers({ 'siappakai.gabungan': GABUNGAN })).map(({ name }) => name)],
      { encoding: 'utf8' },
    );
    expect(inspected).not.toContain(password);
    expect(inspected).not.toMatch(/DB_PASSWORD|MARIADB_ROOT_PASSWORD/);
  });
});

/** The application itself is at work: its connection over the network rests while it thinks; ours use the socket. */
async function isMigrating(id: string): Promise<true | undefined> {
  const { steps } = await plane.client.get<RunWithSteps>(`/runs/${id}`);
  if (steps.find(({ name }) => name === 'migrate-desa')?.state !== 'running') return undefined;
  const rows = await docker.exec(names.gabunganContainer(GABUNGAN), [
    'mariadb',
    '--user=mysql',
    '--batch',
    '--skip-column-names',
    `--execute=SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND = 'Sleep' AND HOST <> 'localhost' AND TIME >= 2`,
  ]);
  return Number(rows.stdout) > 0 ? true : undefined;
}

/** The worker alone, as a crash would: the process above starts it again. */
function killWorker(parent: number): void {
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${entry}/status`, 'utf8');
      const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8');
      if (status.includes(`PPid:\t${parent}\n`) && command.includes('apps/worker/main'))
        process.kill(Number(entry), 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
}

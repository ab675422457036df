import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as names from '#libs/catalog/names.js';
import type { Desa, GabunganView, LogLine, Run, RunWithSteps } from '#libs/contract/contract.js';
import type { GabunganBackup } from '#libs/contract/rollouts.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import { sql } from '../chaos/world-seen.js';
import { startControlPlane, type ControlPlane } from '../demo/control-plane.js';
import { visit } from '../demo/prober.js';
import { clearWorld } from '../demo/world.js';
import { makeRelease } from '../fixtures/apps/opensid-contoh/make-release.js';
import { worldOf } from './worlds.js';

const { folder: FOLDER, server: SERVER, gabungan: GABUNGAN, port: PORT, sitePort: SITE_PORT } = worldOf('baris');
const CODES = ['1307012001', '1307012002', '1307012003'] as const;
const domainOf = (code: string): string => `d${code}.cli.test`;
let plane: ControlPlane;
let home: string;

interface Said {
  exit: number;
  out: string;
  error: string;
}

/** The built command in a process of its own, with a home of its own; what it reads is `input`. */
function siappakai(argv: string[], input = ''): Promise<Said> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['dist/apps/cli/main.js', ...argv],
      { env: { PATH: process.env.PATH, HOME: home, SIAPPAKAI_URL: plane.url }, maxBuffer: 32 * 2 ** 20 },
      (error, out, text) => resolve({ exit: error ? Number(error.code) : 0, out, error: text }),
    );
    child.stdin?.end(input);
  });
}

/** With --json; throws what the command said unless it ended with 0. */
async function json<T>(...argv: string[]): Promise<T> {
  const { exit, out, error } = await siappakai([...argv, '--json']);
  if (exit !== 0) throw new Error(`${argv.join(' ')} ended with ${exit}: ${out}${error}`);
  return JSON.parse(out) as T;
}

async function release(version: string): Promise<void> {
  const path = await makeRelease(version, resolve(FOLDER, 'archives'));
  await json('release', 'add', 'opensid', '--path', path);
  const { exit, error, out } = await siappakai(['release', 'build', 'opensid', version, '--follow']);
  if (exit !== 0) throw new Error(`${out}${error}`);
}

beforeAll(async () => {
  await clearWorld(FOLDER, SERVER, GABUNGAN);
  home = await mkdtemp(join(tmpdir(), 'siappakai-cli-'));
  plane = await startControlPlane(FOLDER, PORT, { DATABASE_URL: '', REDIS_URL: '' });
}, 240_000);

afterAll(async () => {
  await plane?.stop();
  await clearWorld(FOLDER, SERVER, GABUNGAN);
  await rm(home, { recursive: true, force: true });
}, 120_000);

/** The order matters: each test stands on the world the one before left. The releases register the way of v2410. */
describe('the command line does the main job', () => {
  it('says how to sign in, refuses a wrong password, and keeps a token', async () => {
    expect(await siappakai(['desa', 'list'])).toMatchObject({ exit: 3 });
    expect(await siappakai(['login', plane.url], 'bukan-ini\n')).toMatchObject({ exit: 3 });
    expect(await siappakai(['login', plane.url], `${plane.adminPassword}\n`)).toMatchObject({ exit: 0 });
    expect(await json<{ username: string }>('me')).toMatchObject({ username: 'admin' });
  }, 60_000);

  it('prepares kabupaten, server, gabungan and releases', async () => {
    await json('kabupaten', 'add', '13.07');
    const place = ['--http-port', String(SITE_PORT), '--http-address', '127.0.0.1'];
    await json('server', 'add', SERVER, '--kabupaten', '13.07', ...place);
    expect(await siappakai(['server', 'check', SERVER])).toMatchObject({ exit: 0 });
    const create = ['gabungan', 'create', GABUNGAN, '--kabupaten', '13.07', '--server', SERVER];
    expect(await siappakai([...create, '--follow'])).toMatchObject({ exit: 0 });
    for (const version of ['v2409.0.0', 'v2410.0.0']) await release(version);
    const releases = await json<{ items: { version: string; state: string }[] }>('release', 'list');
    expect(releases.items.map(({ version, state }) => [version, state])).toEqual(
      expect.arrayContaining([
        ['v2409.0.0', 'built'],
        ['v2410.0.0', 'built'],
      ]),
    );
  }, 240_000);

  it('installs three desa the old way: by seeding, then by the session flag', async () => {
    for (const code of CODES) {
      await json('desa', 'add', code, '--domain', domainOf(code));
      const done = await siappakai(['desa', 'install', code, '--version', 'v2409.0.0', '--follow']);
      expect([code, done.exit, done.error]).toEqual([code, 0, done.error]);
      expect((await visit(SITE_PORT, domainOf(code), '/index.php/siteman')).body).toContain('2409.0.0');
    }
    const { invariants } = await json<GabunganView>('gabungan', 'check', GABUNGAN);
    expect(invariants?.length).toBeGreaterThan(8);
    expect(invariants?.filter(({ expected, observed }) => expected !== observed)).toEqual([]);
  }, 300_000);

  it('updates them: the first migrates for all', async () => {
    for (const code of CODES)
      expect(await siappakai(['desa', 'update', code, '--version', 'v2410.0.0', '--follow'])).toMatchObject({
        exit: 0,
      });
    for (const code of CODES) {
      const { installations } = await json<Desa>('desa', 'show', code);
      expect(installations[0]).toMatchObject({ state: 'running', observedVersion: '2410.0.0' });
    }
  }, 300_000);

  it('tells runs and their logs as data', async () => {
    const { items: runs } = await json<{ items: Run[] }>('run', 'list', '--limit', '3');
    expect(runs.map(({ verb, state }) => [verb, state])).toEqual(CODES.map(() => ['update', 'done']));
    const run = await json<RunWithSteps>('run', 'show', runs[0]!.id);
    expect(run.steps.map(({ name }) => name)).toContain('switch-route');
    const log = await json<LogLine[]>('run', 'log', run.id);
    expect(log.map(({ line }) => line).join('\n')).toContain('observed');
  }, 60_000);

  it('ends with a code a script can rely on', async () => {
    expect(await siappakai(['desa', 'show', '9999999999'])).toMatchObject({ exit: 5 });
    expect(await siappakai(['desa', 'add', CODES[0], '--domain', 'bukan domain'])).toMatchObject({ exit: 7 });
    const below = await siappakai(['desa', 'update', CODES[0], '--version', 'v2409.0.0', '--follow']);
    expect(below).toMatchObject({ exit: 10 });
    expect(await siappakai(['desa', 'terbang', CODES[0]])).toMatchObject({ exit: 2 });
  }, 60_000);

  it('puts a gabungan back from its backup for who types the code of the kabupaten, and keeps what was damaged', async () => {
    const docker = connectEngine('unix:/var/run/docker.sock');
    const ask = (text: string): Promise<string[]> => sql(docker, { gabungan: GABUNGAN }, text);
    const database = names.gabunganDatabase(GABUNGAN);
    const widgets = (): Promise<string[]> =>
      ask(`SELECT config_id, COUNT(*) FROM ${database}.widget GROUP BY 1 ORDER BY 1`);
    const kept = async (): Promise<string[]> => (await ask('SHOW DATABASES')).filter((name) => name.includes('_lama_'));
    const before = await widgets();
    expect(before).toHaveLength(CODES.length);
    expect(await siappakai(['gabungan', 'backup', GABUNGAN, '--follow'])).toMatchObject({ exit: 0 });
    const { items } = await json<{ items: GabunganBackup[] }>('gabungan', 'backups', GABUNGAN);
    expect(items[0]).toMatchObject({ kind: 'manual', version: 'v2410.0.0' });
    await ask(`DELETE FROM ${database}.widget; ALTER TABLE ${database}.artikel ADD COLUMN rusak INT`);

    const restore = ['gabungan', 'restore', GABUNGAN, items[0]!.id, '--follow', '--confirm'];
    expect(await siappakai([...restore, '13.08'])).toMatchObject({ exit: 7 });
    expect(await siappakai(restore.slice(0, -1))).toMatchObject({ exit: 2 });
    expect([await widgets(), await kept()]).toEqual([[], []]);

    expect(await siappakai([...restore, '13.07'])).toMatchObject({ exit: 0 });
    expect(await widgets()).toEqual(before);
    expect(await ask(`SHOW COLUMNS FROM ${database}.artikel LIKE 'rusak'`)).toEqual([]);
    const [damaged] = await kept();
    expect(await ask(`SELECT COUNT(*) FROM ${damaged}.widget`)).toEqual(['0']);
    expect(await ask(`SHOW COLUMNS FROM ${damaged}.artikel LIKE 'rusak'`)).toHaveLength(1);
    for (const code of CODES)
      expect((await visit(SITE_PORT, domainOf(code), '/index.php/siteman')).body).toContain('2410.0.0');
  }, 240_000);

  it('does not go back to a release without evidence', async () => {
    const wish = ['--gabungan', GABUNGAN, '--to', 'v2409.0.0'];
    const planned = await siappakai(['rollout', 'plan', ...wish]);
    expect(planned.out + planned.error).toContain('v2409.0.0');
    expect(planned.exit).toBe(6);
    const { id, planHash } = await json<{ id: string; planHash: string }>('rollout', 'create', ...wish);
    expect(await siappakai(['rollout', 'approve', id, '--hash', planHash])).toMatchObject({ exit: 6 });
  }, 60_000);

  it('removes a desa only when its code is typed again', async () => {
    expect((await siappakai(['desa', 'remove', CODES[2]])).exit).not.toBe(0);
    const removed = await siappakai(['desa', 'remove', CODES[2], '--confirm', CODES[2], '--follow']);
    expect([removed.exit, removed.error]).toEqual([0, removed.error]);
    expect((await visit(SITE_PORT, domainOf(CODES[2]), '/index.php/siteman')).status).toBe(404);
    expect((await visit(SITE_PORT, domainOf(CODES[1]), '/index.php/siteman')).status).toBe(200);
  }, 120_000);
});

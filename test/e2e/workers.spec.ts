import { readdirSync, rmSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import type { GabunganView, RunWithSteps } from '#libs/contract/contract.js';
import { until } from '#libs/core/retry.js';
import { startOwnRedis, type OwnRedis } from '../chaos/own-redis.js';
import { startLoosePlane, type LoosePlane } from '../chaos/plane.js';
import { worldSeen } from '../chaos/world-seen.js';
import { codesOf, KABUPATEN } from '../demo/fleet.js';
import { visit } from '../demo/prober.js';
import { addStandIn } from '../demo/releases.js';
import { clearWorld } from '../demo/world.js';
import { worldOf } from './worlds.js';

const DESA = 8;
/** Each carries two runs at most and the server has five places: one worker, or two, could not fill them. */
const [WORKERS, AT_ONCE, PLACES, LEASE_SECONDS] = [3, '2', 5, '4'];

describe.each([
  ['PostgreSQL alone', worldOf('serentak'), false],
  ['Redis', worldOf('antre'), true],
] as const)('three workers over %s', (_, world, withRedis) => {
  const { folder, server, gabungan, port, sitePort } = world;
  const domainOf = (code: string): string => `d${code}.${gabungan}.test`;
  let plane: LoosePlane;
  let redis: OwnRedis | undefined;
  let codes: string[];
  const workers: ChildProcess[] = [];
  const aliveFile = (at: number): string => resolve(folder, `alive-${at}`);
  const add = (at: number): void => {
    workers[at] = plane.addWorker({ ALIVE_FILE: aliveFile(at), WORKER_CONCURRENCY: AT_ONCE });
  };
  const ask = async (verb: string, code: string, version: string): Promise<string> =>
    (await plane.client.post<{ id: string }>(`/desa/${code}/${verb}`, { version })).id;
  /** Which worker has carried a run last. */
  const carrierOf = async (id: string): Promise<number> => {
    const [row] = (await plane.db.query('SELECT leased_by FROM run WHERE id = $1', [id])) as { leased_by: string }[];
    return workers.findIndex(({ pid }) => row!.leased_by?.endsWith(`-${pid}`));
  };
  const stepOf = async (id: string): Promise<string | undefined> =>
    (await plane.client.get<RunWithSteps>(`/runs/${id}`)).steps.find(({ state }) => state === 'running')?.name;
  const versionOf = async (code: string): Promise<string | undefined> => {
    const { body } = await visit(sitePort, domainOf(code), '/index.php/siteman');
    return /OpenSID<\/a> v?(\S+?)</.exec(body)?.[1];
  };
  /** Waits for the moment in which a run is in that step. */
  const reaches = (id: string, step: string): Promise<true> =>
    until(async () => ((await stepOf(id)) === step ? true : undefined), {
      ...{ timeoutSeconds: 120, everyMilliseconds: 10 },
      late: () => new Error(`it never came to ${step}`),
    });
  const leftovers = async (): Promise<object> => ({
    locks: await plane.db.query('SELECT resource FROM resource_lock'),
    open: await plane.db.query(`SELECT verb FROM run WHERE state IN ('queued', 'running', 'undoing', 'broken')`),
  });
  const brokenInvariants = async (): Promise<unknown[]> => {
    const { invariants } = await plane.client.post<GabunganView>(`/gabungan/${gabungan}/check`);
    return invariants!.filter(({ expected, observed }) => expected !== observed);
  };

  beforeAll(async () => {
    await clearWorld(folder, server, gabungan);
    redis = withRedis ? await startOwnRedis() : undefined;
    plane = await startLoosePlane(folder, port, { REDIS_URL: redis?.url ?? '', LEASE_SECONDS });
    for (let at = 0; at < WORKERS; at += 1) add(at);
    const { client, db } = plane;
    await client.post('/kabupaten', { code: KABUPATEN });
    codes = await codesOf(client, DESA);
    await client.post('/servers', { kabupaten: KABUPATEN, name: server, httpPort: sitePort, httpAddress: '127.0.0.1' });
    await db.query('UPDATE server SET at_once = $2 WHERE name = $1', [server, PLACES]);
    await client.finish('/gabungan', { kabupaten: KABUPATEN, server, name: gabungan });
    for (const version of ['v2601.0.0', 'v2602.0.0']) await addStandIn(client, resolve(folder, 'archives'), version);
    for (const code of codes) await client.post('/desa', { code, domain: domainOf(code) });
  }, 600_000);
  afterAll(async () => {
    for (const worker of workers) worker.kill('SIGCONT');
    await plane?.stop();
    await redis?.stop();
    await clearWorld(folder, server, gabungan);
  }, 120_000);

  it('share what is to be done: each carries some of it, and a server never has more than its places taken', async () => {
    let [most, isOver] = [0, false];
    const watch = async (): Promise<void> => {
      while (!isOver) {
        const [{ count }] = (await plane.db.query(
          // One that was claimed and has not learned its server yet does nothing there.
          `SELECT count(*)::int FROM run WHERE state IN ('running', 'undoing') AND subject_kind = 'desa'
             AND EXISTS (SELECT 1 FROM run_step WHERE run_id = run.id AND run_step.state <> 'waiting')`,
        )) as [{ count: number }];
        most = Math.max(most, count);
        await new Promise((wake) => setTimeout(wake, 15));
      }
    };
    const watching = watch();
    const ids = await Promise.all(codes.map((code) => ask('install', code, 'v2601.0.0')));
    const ended = await Promise.all(ids.map((id) => plane.client.follow(id)));
    isOver = true;
    await watching;
    expect(ended.map(({ state, problem }) => [state, problem])).toEqual(codes.map(() => ['done', null]));
    expect(most).toBe(PLACES);
    expect(new Set(await Promise.all(ids.map(carrierOf)))).toEqual(new Set([0, 1, 2]));
    expect(await Promise.all(codes.map(versionOf))).toEqual(codes.map(() => '2601.0.0'));
  }, 600_000);

  it('lose nothing when one is killed: another goes on at the same step, and nothing is done twice', async () => {
    const some = codes.slice(0, 6);
    const ids = await Promise.all(some.map((code) => ask('update', code, 'v2602.0.0')));
    const midway = async (): Promise<string | undefined> => {
      for (const id of ids) if ((await stepOf(id)) === 'migrate-desa') return id;
      return undefined;
    };
    const id = await until(midway, {
      ...{ timeoutSeconds: 120, everyMilliseconds: 20 },
      late: () => new Error('none came to its migration'),
    });
    const victim = await carrierOf(id);
    workers[victim]!.kill('SIGKILL');
    const before = (await plane.client.get<RunWithSteps>(`/runs/${id}`)).steps;
    const ended = await Promise.all(ids.map((each) => plane.client.follow(each)));
    expect(ended.map(({ state, problem }) => [state, problem])).toEqual(some.map(() => ['done', null]));
    expect(await carrierOf(id)).not.toBe(victim);
    const after = (await plane.client.get<RunWithSteps>(`/runs/${id}`)).steps;
    // What was done stays as it was done, and the step at which it died is the one that was begun then.
    for (const [at, step] of before.entries()) {
      if (step.state === 'done') expect(after[at]).toEqual(step);
      if (step.state === 'running') expect(after[at]).toMatchObject({ state: 'done', startedAt: step.startedAt });
    }
    expect(await Promise.all(some.map(versionOf))).toEqual(some.map(() => '2602.0.0'));
    for (const code of some) expect(readdirSync(resolve(folder, 'backups', code))).toHaveLength(1);
    expect(await leftovers()).toEqual({ locks: [], open: [] });
    expect(await brokenInvariants()).toEqual([]);
    add(victim);
  }, 600_000);

  it('are not disturbed by one that was frozen past its lease: awake again it writes nothing, and works on', async () => {
    const code = codes[6]!;
    const id = await ask('update', code, 'v2602.0.0');
    await reaches(id, 'backup-desa');
    const frozen = await carrierOf(id);
    workers[frozen]!.kill('SIGSTOP');
    try {
      expect(await plane.client.follow(id)).toMatchObject({ state: 'done', problem: null });
      expect(await carrierOf(id)).not.toBe(frozen);
      const all = async (): Promise<unknown> => ({
        run: await plane.db.query('SELECT * FROM run WHERE id = $1', [id]),
        steps: await plane.db.query('SELECT * FROM run_step WHERE run_id = $1 ORDER BY position', [id]),
        log: await plane.db.query('SELECT * FROM run_log WHERE run_id = $1 ORDER BY id', [id]),
        world: await worldSeen(plane.db, { folder, server, gabungan, httpPort: sitePort, codes }),
        backups: readdirSync(resolve(folder, 'backups', code)),
      });
      const seen = await all();
      rmSync(aliveFile(frozen), { force: true });
      workers[frozen]!.kill('SIGCONT');
      // It is awake once it has looked for work again, and then it had time enough to write what it had in hand.
      const awake = async (): Promise<true | undefined> => {
        const touched = statSync(aliveFile(frozen), { throwIfNoEntry: false });
        return touched ? true : undefined;
      };
      await until(awake, { timeoutSeconds: 60, late: () => new Error('it does not wake up') });
      await new Promise((rest) => setTimeout(rest, 5000));
      expect(await all()).toEqual(seen);
    } finally {
      workers[frozen]!.kill('SIGCONT');
    }
    for (const at of [0, 1, 2]) if (at !== frozen) workers[at]!.kill('SIGTERM');
    const last = await ask('update', codes[7]!, 'v2602.0.0');
    expect(await plane.client.follow(last)).toMatchObject({ state: 'done', problem: null });
    expect(await carrierOf(last)).toBe(frozen);
    expect(await brokenInvariants()).toEqual([]);
  }, 600_000);
});

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import type { Run } from '#libs/contract/contract.js';
import { until } from '#libs/core/retry.js';
import { startPostgres, type EmbeddedPostgres } from '#libs/database/embedded.js';
import { keepEmptying } from '../chaos/empty-queue.js';
import { startControlPlane, type ControlPlane } from '../demo/control-plane.js';
import { addStandIn } from '../demo/releases.js';
import { followRollout, startRollout } from '../demo/rollouts.js';
import { clearWorld } from '../demo/world.js';
import { worldOf } from './worlds.js';

const { folder: FOLDER, server: SERVER, gabungan: GABUNGAN, port: PORT, sitePort: SITE_PORT } = worldOf('redis');
const QUEUE = 'bull:siappakai-runs';
let postgres: EmbeddedPostgres;
let db: DataSource;
let plane: ControlPlane;
let redis: ChildProcess;
let asked: Redis;
let redisPort: number;

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });

async function startRedis(): Promise<void> {
  const argv = ['--port', String(redisPort), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  redis = spawn('redis-server', argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise<void>((ready) => redis.stdout!.on('data', (text) => /Ready to accept/.test(text) && ready()));
}
async function stopRedis(): Promise<void> {
  const gone = new Promise((done) => redis.once('exit', done));
  redis.kill('SIGKILL');
  await gone;
}

/** The worker stands still, as a busy one would: what is rung meanwhile waits in Redis. */
function workerOf(parent: number): number {
  const isIt = (pid: string): boolean =>
    readFileSync(`/proc/${pid}/status`, 'utf8').includes(`PPid:\t${parent}\n`) &&
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('apps/worker/main');
  const found = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/status`));
  return Number(found.find(isIt));
}
const jobs = (): Promise<string[]> => asked.keys(`${QUEUE}:run-*`);

beforeAll(async () => {
  await clearWorld(FOLDER, SERVER, GABUNGAN);
  mkdirSync(FOLDER, { recursive: true });
  redisPort = await freePort();
  await startRedis();
  asked = new Redis(redisPort, '127.0.0.1', { maxRetriesPerRequest: null });
  asked.on('error', () => undefined);
  postgres = await startPostgres({ folder: join(FOLDER, 'postgres') });
  db = await new DataSource({ type: 'postgres', url: postgres.url }).initialize();
  const redisUrl = `redis://127.0.0.1:${redisPort}`;
  plane = await startControlPlane(FOLDER, PORT, { DATABASE_URL: postgres.url, REDIS_URL: redisUrl });
  await plane.client.post('/kabupaten', { code: '1307' });
  const server = { kabupaten: '1307', name: SERVER, httpPort: SITE_PORT, httpAddress: '127.0.0.1' };
  await plane.client.post('/servers', server);
}, 240_000);

afterAll(async () => {
  await plane?.stop();
  asked?.disconnect();
  if (redis) await stopRedis();
  await db?.destroy();
  await postgres?.stop();
  await clearWorld(FOLDER, SERVER, GABUNGAN);
}, 120_000);

describe('the whole product with its queue in Redis', () => {
  it('rings there and nowhere else, and carries a run from end to end', async () => {
    await plane.client.finish('/gabungan', { kabupaten: '1307', server: SERVER, name: GABUNGAN });
    expect((await asked.keys(`${QUEUE}:*`)).length).toBeGreaterThan(0);
    const [tables] = (await db.query("SELECT count(*)::int AS n FROM pg_tables WHERE tablename LIKE '%bullmq%'")) as {
      n: number;
    }[];
    expect(tables!.n).toBe(0);
  }, 240_000);

  it('loses no run when Redis is emptied, or starts again empty, while the run waits', async () => {
    const empty = async (): Promise<void> => void (await asked.flushall());
    const restart = async (): Promise<void> => {
      await stopRedis();
      await startRedis();
    };
    for (const lose of [empty, restart]) {
      const worker = workerOf(plane.process.pid!);
      process.kill(worker, 'SIGSTOP');
      const check = plane.client.post(`/servers/${SERVER}/check`);
      const isRung = async (): Promise<true | undefined> => (await jobs()).length > 0 || undefined;
      await until(isRung, { timeoutSeconds: 20, late: () => new Error('nothing was rung in Redis') });
      await lose();
      expect(await jobs()).toEqual([]);
      process.kill(worker, 'SIGCONT');
      await check;
    }
  }, 120_000);

  it('takes and carries a run while no Redis answers, and when it is back', async () => {
    await stopRedis();
    await plane.client.post(`/servers/${SERVER}/check`);
    await startRedis();
    await plane.client.post(`/servers/${SERVER}/check`);
    const { items } = await plane.client.get<{ items: Run[] }>('/runs?limit=2');
    expect(items.map(({ state }) => state)).toEqual(['done', 'done']);
  }, 120_000);

  it('carries a rollout to its end while Redis is emptied again and again', async () => {
    const { client } = plane;
    const codes = ['1307012001', '1307012002'];
    for (const version of ['v2602.0.0', 'v2602.0.1']) await addStandIn(client, resolve(FOLDER, 'archives'), version);
    for (const code of codes) await client.post('/desa', { code, domain: `d${code}.redis.test` });
    await Promise.all(codes.map((code) => client.finish(`/desa/${code}/install`, { version: 'v2602.0.0' })));
    const emptying = keepEmptying(() => asked.flushall());
    const wish = { gabungan: GABUNGAN, version: 'v2602.0.1', settings: { waves: [{ count: 1 }, { percent: 100 }] } };
    const rollout = await followRollout(client, (await startRollout(client, wish)).id);
    expect(await emptying.stop()).toBeGreaterThan(20);
    expect(rollout).toMatchObject({ state: 'finished', problem: null });
    expect(rollout.desa.map(({ state }) => state)).toEqual(['done', 'done']);
  }, 300_000);
});

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import type { Run } from '#libs/contract/contract.js';
import { until } from '#libs/core/retry.js';
import { startPostgres, type EmbeddedPostgres } from '#libs/database/embedded.js';
import { startControlPlane, type ControlPlane } from '../demo/control-plane.js';
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
});

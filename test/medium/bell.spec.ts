import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '#libs/core/secret.js';
import { until } from '#libs/core/retry.js';
import { startPostgres, type EmbeddedPostgres } from '#libs/database/embedded.js';
import { listen, openBell, type BellConnection, type Ring } from '#libs/queue/bell.js';

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });

const gather = () => {
  const heard: string[] = [];
  const hear = async ({ runId, rolloutId }: Ring): Promise<void> => void heard.push(runId ?? rolloutId ?? '');
  const holds = (count: number): Promise<true> =>
    until(async () => (heard.length >= count ? (true as const) : undefined), {
      timeoutSeconds: 20,
      everyMilliseconds: 20,
      late: () => new Error(`heard ${heard.length} of ${count} rings`),
    });
  return { heard, hear, holds };
};

const guarantees = (where: () => BellConnection): void => {
  it('brings every ring to one of two listeners, once', async () => {
    const [bell, { heard, hear, holds }] = [openBell(where()), gather()];
    const listeners = [await listen(where(), hear, 2), await listen(where(), hear, 2)];
    const runs = Array.from({ length: 20 }, () => randomUUID());
    await Promise.all(runs.map((run) => bell.ring(run)));
    await holds(20);
    for (const listener of listeners) await listener.close();
    expect([...heard].sort()).toEqual([...runs].sort());
    await bell.close();
  });

  it('rings for a rollout too, and no ring is swallowed by one that is just being heard', async () => {
    const [bell, { heard, hear, holds }] = [openBell(where()), gather()];
    const rollout = randomUUID();
    let again: Promise<void> | undefined;
    const listener = await listen(where(), (ring) => hear(ring).then(() => (again ??= bell.ringRollout(rollout))), 1);
    await bell.ringRollout(rollout);
    await holds(2);
    expect(heard).toEqual([rollout, rollout]);
    await listener.close();
    await bell.close();
  });

  it('keeps a ring until somebody listens', async () => {
    const [bell, { heard, hear, holds }] = [openBell(where()), gather()];
    const run = randomUUID();
    await bell.ring(run);
    const listener = await listen(where(), hear, 1);
    await holds(1);
    expect(heard).toEqual([run]);
    await listener.close();
    await bell.close();
  });

  it('can be rung again for a run that was heard, or whose handler failed', async () => {
    const [bell, { heard, hear, holds }] = [openBell(where()), gather()];
    const run = randomUUID();
    const listener = await listen(where(), (ring) => hear(ring).then(() => Promise.reject(new Error('first'))), 1);
    await bell.ring(run);
    await holds(1);
    await until(async () => (await bell.ring(run), heard.length >= 2 ? true : undefined), {
      timeoutSeconds: 20,
      everyMilliseconds: 50,
      late: () => new Error('the second ring was not heard'),
    });
    await listener.close();
    await bell.close();
  });
};

describe('the bell', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sp-bell-'));
    await chmod(folder, 0o755);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  describe('over PostgreSQL', () => {
    let postgres: EmbeddedPostgres;
    beforeAll(async () => void (postgres = await startPostgres({ folder })), 60_000);
    afterAll(() => postgres.stop());
    guarantees(() => ({ databaseUrl: new Secret(postgres.url), redisUrl: undefined }));
  });

  describe('over Redis', () => {
    let redis: ChildProcess;
    let url: string;
    beforeAll(async () => {
      const port = await freePort();
      url = `redis://127.0.0.1:${port}`;
      const argv = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
      redis = spawn('redis-server', argv, { stdio: ['ignore', 'pipe', 'ignore'] });
      await new Promise<void>((ready) => redis.stdout!.on('data', (text) => /Ready to accept/.test(text) && ready()));
    });
    afterAll(async () => {
      const gone = new Promise((done) => redis.once('exit', done));
      redis.kill('SIGTERM');
      await gone;
    });
    guarantees(() => ({ databaseUrl: undefined, redisUrl: new Secret(url) }));

    it('does not keep anybody waiting when nobody answers', async () => {
      const bell = openBell({ databaseUrl: undefined, redisUrl: new Secret(`redis://127.0.0.1:${await freePort()}`) });
      await expect(bell.ring(randomUUID())).resolves.toBeUndefined();
      await bell.close();
    });
  });
});

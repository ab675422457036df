import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { until } from '#libs/core/retry.js';
import { openDatabase } from '#libs/database/database.js';
import { startPostgres } from '#libs/database/embedded.js';
import { Client } from '../demo/client.js';

/** The built product taken apart, so that its worker can be killed and started alone. */
export interface LoosePlane {
  client: Client;
  db: DataSource;
  startWorker(): void;
  /** One more worker, beside the first or without it; it ends with the plane. */
  addWorker(more?: NodeJS.ProcessEnv): ChildProcess;
  /** SIGKILL: nothing of the worker's own runs any more. */
  killWorker(): Promise<void>;
  /** Every connection of api and worker ends; the server comes back at the same address a moment later. */
  restartPostgres(): Promise<void>;
  stop(): Promise<void>;
}

const start = (name: string, env: NodeJS.ProcessEnv): ChildProcess =>
  spawn(process.execPath, ['--enable-source-maps', `dist/apps/${name}/main.js`], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

export async function startLoosePlane(folder: string, port: number, more: NodeJS.ProcessEnv = {}): Promise<LoosePlane> {
  let postgres = await startPostgres({ folder: join(folder, 'postgres') });
  const env = {
    ...process.env,
    DATABASE_URL: postgres.url,
    REDIS_URL: '',
    DATA_FOLDER: folder,
    PORT: String(port),
    BIND: '127.0.0.1',
    LEASE_SECONDS: '2',
    ...more,
  };
  const api = start('api', env);
  let worker: ChildProcess | undefined;
  const others: ChildProcess[] = [];
  const client = new Client(`http://127.0.0.1:${port}`);
  await until(
    () =>
      fetch(`${client.url}/healthz`).then(
        ({ ok }) => ok || undefined,
        () => undefined,
      ),
    {
      timeoutSeconds: 120,
      late: () => new Error('the api does not answer'),
    },
  );
  await client.login('admin', (await readFile(join(folder, 'first-admin-password'), 'utf8')).trim());
  const db = await openDatabase(postgres.url, { connections: 4 });
  return {
    client,
    db,
    startWorker: () => void (worker = start('worker', env)),
    addWorker(its = {}) {
      const other = start('worker', { ...env, ...its });
      others.push(other);
      return other;
    },
    killWorker: () => end(worker, 'SIGKILL'),
    async restartPostgres() {
      const { port: samePort } = new URL(postgres.url);
      await postgres.stop();
      postgres = await startPostgres({ folder: join(folder, 'postgres'), port: Number(samePort) });
    },
    async stop() {
      await Promise.all([worker, ...others].map((each) => end(each, 'SIGTERM')));
      await end(api, 'SIGTERM');
      await db.destroy();
      await postgres.stop();
    },
  };
}

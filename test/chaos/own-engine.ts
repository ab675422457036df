import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as names from '#libs/catalog/names.js';
import { until } from '#libs/core/retry.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import type { Docker } from '#libs/servers/docker.js';

const command = promisify(execFile);

/** A Docker Engine of one test, which may be ended and started: nobody else's containers feel it. Only root can have one. */
export interface OwnEngine {
  /** As a server row names it. */
  address: string;
  docker: Docker;
  /** SIGTERM: as an update of its package does; SIGKILL: as a crash. It comes back after so many seconds. */
  restart(signal: 'SIGTERM' | 'SIGKILL', awaySeconds: number): Promise<void>;
  stop(): Promise<void>;
}

const end = async (child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> => {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
};

/**
 * It lives in a network of its own: two engines in one would take each other's firewall rules. The network is held by
 * a process that does nothing else, so that it outlives the engine.
 */
export async function startOwnEngine(): Promise<OwnEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'sp-mesin-'));
  const socket = join(folder, 'docker.sock');
  const keeper = spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore' });
  await until(() => hasOwnNetwork(keeper.pid!), { timeoutSeconds: 10, late: () => new Error('no network of its own') });
  const docker = connectEngine(`unix:${socket}`);
  let engine: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const child = (engine = spawn(
      'nsenter',
      [`--net=/proc/${keeper.pid}/ns/net`, 'dockerd', ...optionsOf(folder, socket)],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    ));
    const log = createWriteStream(join(folder, 'dockerd.log'), { flags: 'a' });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    const late = (): Error => new Error(`the engine did not start: see ${folder}/dockerd.log`);
    await until(() => answers(docker), { timeoutSeconds: 180, late });
  };
  await start();
  await copyImages(socket);
  return {
    address: `unix:${socket}`,
    docker,
    async restart(signal, awaySeconds) {
      await end(engine, signal);
      await new Promise((wake) => setTimeout(wake, awaySeconds * 1000));
      await start();
    },
    async stop() {
      await removeAll(docker);
      await end(engine, 'SIGTERM');
      await end(keeper, 'SIGKILL');
      await endBelow(folder);
      await unmountBelow(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const optionsOf = (folder: string, socket: string): string[] => [
  `--host=unix://${socket}`,
  `--data-root=${join(folder, 'data')}`,
  `--exec-root=${join(folder, 'exec')}`,
  `--pidfile=${join(folder, 'docker.pid')}`,
  '--userland-proxy=false',
];

const networkOf = (pid: number | 'self'): Promise<string> =>
  command('readlink', [`/proc/${pid}/ns/net`]).then(({ stdout }) => stdout.trim());
const hasOwnNetwork = async (pid: number): Promise<true | undefined> =>
  (await networkOf(pid)) !== (await networkOf('self')) || undefined;
const answers = (docker: Docker): Promise<true | undefined> =>
  docker.ping().then(
    () => true as const,
    () => undefined,
  );

/** The images that everything else is made from, out of the machine's engine. */
async function copyImages(socket: string): Promise<void> {
  const save = spawn('docker', ['save', names.baseImage('8.2'), names.mariadbImage(), names.gatewayImage()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const load = spawn('docker', [`--host=unix://${socket}`, 'load', '--quiet'], {
    stdio: [save.stdout, 'ignore', 'inherit'],
  });
  const [[saved], [loaded]] = await Promise.all([once(save, 'exit'), once(load, 'exit')]);
  if (saved !== 0 || loaded !== 0) throw new Error(`images were not copied: ${saved} ${loaded}`);
}

/** An engine that was killed leaves the keepers of its containers behind: they carry its folder in their arguments. */
async function endBelow(folder: string): Promise<void> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const argv = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (argv.includes(`${folder}/`)) process.kill(Number(pid), 'SIGKILL');
  }
}

/** An engine that was killed leaves mounts behind. */
async function unmountBelow(folder: string): Promise<void> {
  const mounted = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '');
  for (const path of mounted.filter((one) => one.startsWith(`${folder}/`)).reverse())
    await command('umount', ['--lazy', path]);
}

async function removeAll(docker: Docker): Promise<void> {
  for (const { name } of await docker.containers(names.labels()).catch(() => [])) await docker.remove(name);
}

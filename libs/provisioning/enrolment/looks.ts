import { Conflict, NotProved, Unavailable } from '#libs/core/errors.js';
import {
  freeBytesOf,
  isSupported,
  listeningPorts,
  memoryBytesOf,
  portsBeyondLoopback,
  systemOf,
  type System,
} from '#libs/servers/system-facts.js';
import type { EnrolTarget, EnrolTools, FarGabungan } from './target.js';

const MIB = 1024 * 1024;
const NEEDED_MEMORY_MIB = 900;
const NEEDED_DISK_MIB = 4096;
const MAXIMUM_CLOCK_SECONDS = 5;
const OLDEST_ENGINE = '20.10';
const LISTENING = ['cat', '/proc/net/tcp', '/proc/net/tcp6'];

/** What argv says; throws `ssh-command-failed` when it fails. */
export async function told({ name }: EnrolTarget, tools: EnrolTools, argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await tools.exec(argv);
  if (code === 0) return stdout;
  throw new Unavailable('ssh-command-failed', { server: name, program: argv[0]!, reason: stderr.slice(0, 300) });
}

export interface Account {
  isRoot: boolean;
  inDockerGroup: boolean;
  /** May become root without a password. */
  maySudo: boolean;
}

export async function accountOf(target: EnrolTarget, tools: EnrolTools): Promise<Account> {
  const groups = (await told(target, tools, ['id', '-nG'])).trim().split(' ');
  const isRoot = (await told(target, tools, ['id', '-u'])).trim() === '0';
  const maySudo = isRoot || (await tools.exec(['sudo', '-n', 'true'])).code === 0;
  return { isRoot, inDockerGroup: isRoot || groups.includes('docker'), maySudo };
}

export const hasEngine = async (tools: EnrolTools): Promise<boolean> =>
  (await tools.exec(['test', '-S', '/var/run/docker.sock'])).code === 0;

export async function lookAtAccount(target: EnrolTarget, tools: EnrolTools): Promise<string> {
  const { isRoot, inDockerGroup, maySudo } = await accountOf(target, tools);
  if (isRoot) return `${target.user} is root`;
  if (inDockerGroup) return `${target.user} is in group docker`;
  if (maySudo && target.mayInstall) return `${target.user} may use sudo`;
  throw new Conflict('ssh-account-weak', { server: target.name, user: target.user, maySudo });
}

export async function systemHere(target: EnrolTarget, tools: EnrolTools): Promise<System> {
  return systemOf(await told(target, tools, ['cat', '/etc/os-release']));
}

export async function lookAtSystem(target: EnrolTarget, tools: EnrolTools): Promise<string> {
  const system = await systemHere(target, tools);
  if (!isSupported(system)) throw new Conflict('server-system-unknown', { server: target.name, system: system.name });
  return system.name;
}

export const AFTERWARDS = 'looked at once Docker is installed';

/** In a plan the engine may not be there yet; in the run the step before has put it there. */
const whenThere =
  (look: (target: EnrolTarget, tools: EnrolTools) => Promise<string>) =>
  async (target: EnrolTarget, tools: EnrolTools): Promise<string> =>
    target.mayInstall && !(await isUsable(target, tools)) ? AFTERWARDS : look(target, tools);

export async function isUsable(target: EnrolTarget, tools: EnrolTools): Promise<boolean> {
  return (await hasEngine(tools)) && (await accountOf(target, tools)).inDockerGroup;
}

/** 20.10.24 is newer than 20.10, 19.03 is older. */
const isOldEngine = (version: string): boolean => version.localeCompare(OLDEST_ENGINE, 'en', { numeric: true }) < 0;

export const lookAtEngine = whenThere(async ({ name }, tools) => {
  const { version } = await tools.engine();
  if (isOldEngine(version)) throw new Conflict('docker-old', { server: name, version, oldest: OLDEST_ENGINE });
  return `Docker Engine ${version}`;
});

export const lookAtStorage = whenThere(async ({ name }, tools) => {
  const { storageDriver } = await tools.engine();
  if (storageDriver !== 'overlay2') throw new Conflict('storage-driver-wrong', { server: name, driver: storageDriver });
  return storageDriver;
});

export async function lookAtMemory(target: EnrolTarget, tools: EnrolTools): Promise<string> {
  const mib = Math.floor(memoryBytesOf(await told(target, tools, ['cat', '/proc/meminfo'])) / MIB);
  if (mib < NEEDED_MEMORY_MIB)
    throw new Conflict('server-memory-small', { server: target.name, mib, needed: NEEDED_MEMORY_MIB });
  return `${mib} MiB memory`;
}

export async function lookAtDisk(target: EnrolTarget, tools: EnrolTools): Promise<string> {
  const free = async (path: string): Promise<string> =>
    (await tools.exec(['df', '--output=avail', '--block-size=1', path])).stdout;
  const mib = Math.floor((freeBytesOf(await free('/var/lib/docker')) || freeBytesOf(await free('/var/lib'))) / MIB);
  if (mib < NEEDED_DISK_MIB)
    throw new Conflict('server-disk-small', { server: target.name, mib, needed: NEEDED_DISK_MIB });
  return `${mib} MiB free`;
}

/** Half of the way there and back is taken off; certificates and tokens bear a few seconds. */
export async function lookAtClock(target: EnrolTarget, tools: EnrolTools): Promise<string> {
  const before = tools.now();
  const there = Number(await told(target, tools, ['date', '+%s.%3N'])) * 1000;
  const seconds = Math.round(Math.abs(there - (before + tools.now()) / 2) / 100) / 10;
  if (!(seconds <= MAXIMUM_CLOCK_SECONDS))
    throw new Conflict('server-clock-off', { server: target.name, seconds, most: MAXIMUM_CLOCK_SECONDS });
  return `its clock differs by ${seconds} s`;
}

export async function lookAtPorts(target: EnrolTarget, tools: EnrolTools): Promise<string> {
  const wanted = [...new Set([target.httpPort, target.httpsPort])];
  if (await tools.isOurGateway()) return `ports ${wanted.join(' and ')} are held by our gateway`;
  const taken = listeningPorts((await tools.exec(LISTENING)).stdout);
  const busy = wanted.filter((port) => taken.has(port)).map(String);
  if (busy.length > 0) throw new Conflict('server-ports-taken', { server: target.name, ports: busy });
  return `ports ${wanted.join(' and ')} are free`;
}

/** Images come through it: it must lead to us, and be open to nobody else. */
export async function lookAtTunnel({ name }: EnrolTarget, tools: EnrolTools): Promise<string> {
  const tunnel = await tools.tunnel();
  try {
    const open = portsBeyondLoopback((await tools.exec(LISTENING)).stdout);
    if (open.has(tunnel.port)) throw new Conflict('tunnel-open', { server: name });
    return 'a port on its loopback leads to our registry';
  } finally {
    await tunnel.close();
  }
}

export async function lookAtHostKey({ name, hostKey }: EnrolTarget, tools: EnrolTools): Promise<string> {
  const shown = await tools.hostKeyShown();
  if (hostKey === null) throw new Conflict('host-key-unconfirmed', { server: name, shown });
  if (hostKey !== shown) throw new NotProved('host-key-changed', { server: name, pinned: hostKey, shown });
  return `the host key is the confirmed one, ${shown}`;
}

export async function lookAtGabungan(_target: EnrolTarget, tools: EnrolTools): Promise<string[]> {
  const found = await tools.gabunganElsewhere();
  return found.length === 0 ? ['there is no gabungan on another server yet'] : found.map(reachOf);
}

function reachOf({ name, server, host, port, isReached }: FarGabungan): string {
  if (!host) return `nobody said where other servers reach ${server} with gabungan ${name}`;
  if (!port) return `gabungan ${name} on ${server} (${host}) is reached once the first desa elsewhere opens a way`;
  if (isReached === undefined) return `sshd does not let us ask for gabungan ${name} at ${host}:${port}`;
  const at = `gabungan ${name} at ${host}:${port}`;
  return isReached ? `reaches ${at}` : `does not reach ${at}: open that port for this server`;
}

import Dockerode from 'dockerode';
import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { until } from '#libs/core/retry.js';
import { randomPassword } from '#libs/core/seal.js';
import type { Secret } from '#libs/core/secret.js';
import type { ExecResult } from '#libs/servers/docker.js';
import { exec } from '#libs/servers/drivers/exec.js';
import { readHostKey, type SshLogin } from '#libs/servers/drivers/ssh-login.js';
import { newKeyPair } from '#libs/servers/key-pair.js';
import type { SshAddress } from '#libs/servers/ssh-address.js';
import { LABEL, openNetwork, removeFleet, serverOptions } from './containers.js';

/** A central server for tests: a container with sshd and a Docker Engine of its own, reached at an address of its own. */
export interface FleetServer extends SshAddress {
  /** Also the name of its container. */
  name: string;
  /** Opens the account `petugas`, which may use Docker and sudo. */
  key: Secret;
  /** The line of that key in `authorized_keys`. */
  publicLine: string;
  /** Of `petugas` and of `tamu`, who may use neither Docker nor sudo. */
  password: Secret;
  /** What a login needs; with the host key as it is now. */
  login(): Promise<SshLogin>;
}

export interface Fleet {
  servers: FleetServer[];
  /** Runs argv as root inside the server, past its sshd and its network. */
  inside(server: FleetServer, argv: string[], stdin?: string): Promise<ExecResult>;
  /** Puts images of this machine's engine into the server's. */
  load(server: FleetServer, tags: string[]): Promise<void>;
  cut(server: FleetServer): Promise<void>;
  mend(server: FleetServer): Promise<void>;
  /** Kills the sshd that listens and those that carry a connection; returns when the server has started a new one. */
  killSshd(server: FleetServer): Promise<void>;
  pause(server: FleetServer): Promise<void>;
  unpause(server: FleetServer): Promise<void>;
  changeHostKey(server: FleetServer): Promise<void>;
  /** Leaves at most a MiB; only for a fleet with a disk of its own. Undone by `emptyDisk`. */
  fillDisk(server: FleetServer): Promise<void>;
  emptyDisk(server: FleetServer): Promise<void>;
  /** Returns when its sshd and its engine answer again. */
  reboot(server: FleetServer): Promise<void>;
  end(): Promise<void>;
}

const engine = new Dockerode({ socketPath: '/var/run/docker.sock' });
const FILL = '/var/lib/docker/penuh';
const READY_SECONDS = 90;

const inside = (name: string, argv: string[], stdin?: string): Promise<ExecResult> =>
  exec(engine, name, argv, { user: 'root', stdin: stdin === undefined ? undefined : Readable.from([stdin]) });

async function must(name: string, argv: string[], stdin?: string): Promise<ExecResult> {
  const result = await inside(name, argv, stdin);
  if (result.code !== 0) throw new Error(`${name}: ${argv.join(' ')}: ${result.stderr || result.stdout}`);
  return result;
}

/**
 * Starts `count` servers named `<prefix>-1` and on; what an earlier fleet of that prefix left is removed first.
 * `diskMiB` gives each a disk of that size (in memory) that can be filled.
 */
export async function startFleet(
  count: number,
  prefix: string,
  { diskMiB, image }: { diskMiB?: number; image?: string } = {},
): Promise<Fleet> {
  await promisify(execFile)(process.execPath, ['docker/setup.mjs', 'test-server']);
  await removeFleet(engine, prefix);
  const subnet = await openNetwork(engine, prefix);
  const begin = (_: unknown, at: number): Promise<FleetServer> => startServer({ prefix, at, subnet, diskMiB, image });
  const servers = await Promise.all(Array.from({ length: count }, begin));
  return { servers, ...acts(prefix) };
}

interface Wanted {
  prefix: string;
  at: number;
  subnet: string;
  diskMiB?: number;
  /** Made of the test server's, with something more in it. */
  image?: string;
}

async function startServer({ prefix, at, subnet, diskMiB, image }: Wanted): Promise<FleetServer> {
  const name = `${prefix}-${at + 1}`;
  const host = `${subnet}.${10 + at}`;
  await engine.createVolume({
    Name: `${name}-docker`,
    Labels: { [LABEL]: prefix },
    ...(diskMiB ? { DriverOpts: { type: 'tmpfs', device: 'tmpfs', o: `size=${diskMiB}m` } } : {}),
  });
  const container = await engine.createContainer(serverOptions({ prefix, name, host, image }));
  await container.start();
  await ready(name, host);
  const { privateKey: key, publicLine } = newKeyPair('uji');
  const password = randomPassword(16);
  await must(name, ['chpasswd'], `petugas:${password.reveal()}\ntamu:${password.reveal()}\n`);
  const address = { user: 'petugas', host, port: 22 };
  await authorize(name, publicLine);
  const login = async (): Promise<SshLogin> => ({
    ...address,
    server: name,
    key,
    hostKey: await readHostKey({ ...address, server: name }),
  });
  return { ...address, name, key, publicLine, password, login };
}

/** Puts one line in place of all keys of `petugas`. */
export async function authorize(name: string, line: string): Promise<void> {
  await must(name, ['install', '-d', '-m', '0700', '-o', 'petugas', '-g', 'petugas', '/home/petugas/.ssh']);
  await must(name, ['tee', '/home/petugas/.ssh/authorized_keys'], `${line}\n`);
  await must(name, ['chown', 'petugas:petugas', '/home/petugas/.ssh/authorized_keys']);
}

async function ready(name: string, host: string): Promise<void> {
  const look = async (): Promise<true | undefined> => {
    const { code } = await inside(name, ['docker', 'version']).catch(() => ({ code: 1 }));
    return code === 0 && (await listens(host)) ? true : undefined;
  };
  await until(look, { timeoutSeconds: READY_SECONDS, late: () => new Error(`${name} did not become ready`) });
}

const listens = (host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port: 22, timeout: 1000 });
    const end = (is: boolean) => () => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });

/** The kernel may refuse while a container inside is just being started ("unable to freeze"): it is asked again. */
async function freeze(name: string): Promise<void> {
  let refusal: unknown;
  const ask = async (): Promise<true | undefined> =>
    engine
      .getContainer(name)
      .pause()
      .then(
        () => true as const,
        (error: unknown) => void (refusal = error),
      );
  await until(ask, { timeoutSeconds: 20, late: () => new Error(`${name} was not paused`, { cause: refusal }) });
}

const acts = (prefix: string): Omit<Fleet, 'servers'> => {
  const network = engine.getNetwork(`${prefix}-net`);
  return {
    inside: ({ name }, argv, stdin) => inside(name, argv, stdin),
    load: async ({ name }, tags) => {
      // The types know one name alone.
      const images = (await engine.getImage(tags[0]!).get()) as unknown as Readable;
      const { code, stderr } = await exec(engine, name, ['docker', 'load', '--quiet'], { stdin: images });
      if (code !== 0) throw new Error(`${name} did not load ${tags[0]}: ${stderr}`);
      if (tags.length > 1) await acts(prefix).load({ name } as FleetServer, tags.slice(1));
    },
    cut: async ({ name }) => void (await network.disconnect({ Container: name, Force: true })),
    mend: async ({ name, host }) => {
      await network.connect({ Container: name, EndpointConfig: { IPAMConfig: { IPv4Address: host } } });
    },
    killSshd: async ({ name, host }) => {
      await must(name, ['pkill', '-KILL', 'sshd']);
      await ready(name, host);
    },
    pause: ({ name }) => freeze(name),
    unpause: async ({ name }) => void (await engine.getContainer(name).unpause()),
    changeHostKey: async ({ name, host }) => {
      const kinds = ['rsa', 'ecdsa', 'ed25519'].flatMap((kind) => [kind, `${kind}.pub`]);
      await must(name, ['rm', '-f', ...kinds.map((kind) => `/etc/ssh/ssh_host_${kind.replace(/^(\w+)/, '$1_key')}`)]);
      await must(name, ['ssh-keygen', '-q', '-A']);
      await must(name, ['pkill', '-KILL', 'sshd']);
      await ready(name, host);
    },
    // Whatever is left is smaller than a block of dd.
    fillDisk: async ({ name }) => void (await inside(name, ['dd', 'if=/dev/zero', `of=${FILL}`, 'bs=1M'])),
    emptyDisk: async ({ name }) => void (await must(name, ['rm', '-f', FILL])),
    reboot: async ({ name, host }) => {
      await engine.getContainer(name).restart({ t: 5 });
      await ready(name, host);
    },
    end: () => removeFleet(engine, prefix),
  };
};

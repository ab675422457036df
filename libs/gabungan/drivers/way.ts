import { Readable } from 'node:stream';
import * as names from '#libs/catalog/names.js';
import { AppError, Conflict, Unavailable } from '#libs/core/errors.js';
import { until } from '#libs/core/retry.js';
import type { ContainerSpec, Docker } from '#libs/servers/docker.js';
import { firstFileOf, tarOf, type Entry } from '#libs/servers/files.js';
import { differing, wantedSettings } from '#libs/servers/settings.js';
import {
  DATABASE_PORT,
  digestOf,
  doorFiles,
  WAY_IN_PORT,
  wayInFiles,
  type WayDoor,
  type WayFiles,
  type WayIn,
} from '../way.js';

const FOLDER = '/way';
const MASTER = '/run/way/master.sock';
/** Written last: what it names is what the process goes by. */
const DIGEST = 'digest';
const WAY_GROUP = 998;
const START_SECONDS = 15;
const ASKED_SECONDS = 8;

interface End {
  spec: ContainerSpec;
  files: WayFiles;
}

/** Both ends alike: a process without any right, keys that it may read and not change. */
function endOf(container: string, gabungan: string, more: Partial<ContainerSpec>, files: WayFiles): End {
  const spec: ContainerSpec = {
    name: container,
    image: names.wayImage(),
    labels: names.labels({ 'siappakai.gabungan': gabungan }),
    networks: [{ name: names.edgeNetwork() }, { name: names.network(gabungan) }],
    mounts: [{ volume: names.wayVolume(container), path: FOLDER }],
    tmpfs: { '/run/way': `mode=750,uid=${WAY_GROUP},gid=${WAY_GROUP},size=1m` },
    readOnlyRoot: true,
    memoryMiB: 1024,
    pids: 64,
    restart: 'always',
    stopSeconds: 2,
    ...more,
  };
  return { spec, files };
}

const wayInEnd = (way: WayIn): End =>
  endOf(
    names.wayIn(way.gabungan),
    way.gabungan,
    {
      labels: names.labels({ 'siappakai.gabungan': way.gabungan, 'siappakai.port': String(way.port) }),
      ports: [{ host: way.port, hostAddress: '0.0.0.0', container: WAY_IN_PORT }],
    },
    wayInFiles(way),
  );

const doorEnd = (door: WayDoor): End => {
  const { gabungan } = door;
  const aliases = [names.gabunganContainer(gabungan)];
  const networks = [{ name: names.edgeNetwork() }, { name: names.network(gabungan), aliases }];
  return endOf(names.wayDoor(gabungan), gabungan, { networks }, doorFiles(door));
};

/** Safe to repeat; one that stands takes new papers without letting go of anybody. Throws `way-port-taken`. */
export const ensureWayIn = (docker: Docker, way: WayIn): Promise<void> => ensure(docker, wayInEnd(way));
export const ensureWayDoor = (docker: Docker, door: WayDoor): Promise<void> => ensure(docker, doorEnd(door));
/** Runs as wanted, by its own settings and by what it reads. */
export const isWayIn = (docker: Docker, way: WayIn): Promise<boolean> => isSo(docker, wayInEnd(way));
export const isWayDoor = (docker: Docker, door: WayDoor): Promise<boolean> => isSo(docker, doorEnd(door));

/** Its container and its keys; fine when it is not there. */
export async function removeWayEnd(docker: Docker, container: string): Promise<void> {
  await docker.remove(container);
  await docker.removeVolume(names.wayVolume(container));
}

async function ensure(docker: Docker, { spec, files }: End): Promise<void> {
  for (const { name } of spec.networks!)
    await docker.ensureNetwork(name, { internal: name !== names.edgeNetwork(), labels: names.labels() });
  await docker.ensureVolume(names.wayVolume(spec.name), spec.labels);
  if (!(await isHeldAsWanted(docker, spec))) {
    await docker.remove(spec.name);
    await docker.create(spec);
  }
  if ((await digestIn(docker, spec.name)) !== digestOf(files)) await write(docker, spec.name, files);
  await start(docker, spec);
}

/** The engine tells the port in the text of its refusal only. */
async function start(docker: Docker, { name, ports }: ContainerSpec): Promise<void> {
  try {
    await docker.start(name);
  } catch (error) {
    const reason = error instanceof AppError ? String(error.data.reason ?? '') : '';
    const port = ports?.[0]?.host;
    if (port && /port is already allocated|address already in use/i.test(reason))
      throw new Conflict('way-port-taken', { port }, error);
    throw error;
  }
  await until(async () => (await isListening(docker, name)) || undefined, {
    timeoutSeconds: START_SECONDS,
    late: () => new Unavailable('way-not-answering', { container: name }),
  });
}

/** Its master answers: it has read its configuration. */
const isListening = async (docker: Docker, name: string): Promise<boolean> =>
  (await docker.container(name))?.state === 'running' && (await tellMaster(docker, name, 'show proc'));

async function tellMaster(docker: Docker, name: string, words: string): Promise<boolean> {
  const stdin = Readable.from([`${words}\n`]);
  const { code } = await docker.exec(name, ['socat', '-', `UNIX-CONNECT:${MASTER}`], { stdin });
  return code === 0;
}

async function write(docker: Docker, name: string, files: WayFiles): Promise<void> {
  const entries = Object.entries(files).map(([path, content]): Entry => ({
    ...{ kind: 'file', path, content },
    ...{ uid: 0, gid: WAY_GROUP, mode: 0o440 },
  }));
  await docker.putArchive(name, FOLDER, await tarOf(entries));
  // Connections that stand stay with the process that has them until they end.
  if ((await docker.container(name))?.state === 'running') await tellMaster(docker, name, 'reload');
  const digest: Entry = { kind: 'file', path: DIGEST, content: digestOf(files), uid: 0, gid: WAY_GROUP, mode: 0o440 };
  await docker.putArchive(name, FOLDER, await tarOf([digest]));
}

async function digestIn(docker: Docker, name: string): Promise<string | undefined> {
  const tar = await docker.getArchive(name, `${FOLDER}/${DIGEST}`);
  return tar && (await firstFileOf(tar))?.toString('utf8');
}

async function isHeldAsWanted(docker: Docker, spec: ContainerSpec): Promise<boolean> {
  const found = await docker.container(spec.name);
  return (
    found !== undefined &&
    found.image === spec.image &&
    found.labels['siappakai.port'] === spec.labels!['siappakai.port'] &&
    differing(wantedSettings(spec), found.settings).length === 0
  );
}

const isSo = async (docker: Docker, { spec, files }: End): Promise<boolean> =>
  (await isHeldAsWanted(docker, spec)) &&
  (await docker.container(spec.name))!.state === 'running' &&
  (await digestIn(docker, spec.name)) === digestOf(files);

/** The packet with which a MariaDB greets: three bytes of length, a number, and the version of its protocol. */
const GREETING_BYTES = 5;
const PROTOCOL = 10;

/**
 * Asks through the door as a runtime would. Throws `way-blocked` when not even the port answers, `way-refused` when it
 * does and no database greets.
 */
export async function proveWay(
  docker: Docker,
  { gabungan: name, to }: Pick<WayDoor, 'gabungan' | 'to'>,
  { from, server }: { from: string; server: string },
): Promise<void> {
  const door = names.wayDoor(name);
  const address = `${to.host}:${to.port}`;
  if (await greets(docker, door, names.gabunganContainer(name))) return;
  const knock = await docker.exec(door, ['socat', '-u', '/dev/null', `TCP:${address},connect-timeout=5`]);
  if (knock.code !== 0) throw new Unavailable('way-blocked', { from, server, name, address });
  // A door that found the port closed looks again every two seconds.
  await until(async () => (await greets(docker, door, names.gabunganContainer(name))) || undefined, {
    timeoutSeconds: ASKED_SECONDS,
    everyMilliseconds: 500,
    late: () => new Unavailable('way-refused', { from, server, name, address }),
  });
}

async function greets(docker: Docker, door: string, host: string): Promise<boolean> {
  const from = `TCP:${host}:${DATABASE_PORT},connect-timeout=5,readbytes=${GREETING_BYTES}`;
  const { stdout } = await docker.exec(door, ['socat', '-u', '-T', '10', from, 'STDOUT']);
  return stdout.length >= GREETING_BYTES && stdout.charCodeAt(GREETING_BYTES - 1) === PROTOCOL;
}

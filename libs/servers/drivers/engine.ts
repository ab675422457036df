import Dockerode from 'dockerode';
import type { IncomingMessage } from 'node:http';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import { AppError, Away, Conflict, Unavailable } from '#libs/core/errors.js';
import { inTime } from '#libs/core/retry.js';
import { assertStillMine, outsideOfLease } from '#libs/core/still-mine.js';
import type { ContainerView, Docker, PathView } from '../docker.js';
import { dialledAgent } from '../dialled-http.js';
import { buildImage } from './build-image.js';
import { createOptions, networkOptions } from './create-options.js';
import { dial, exec, pipe } from './exec.js';
import type { SshLink } from './ssh.js';
import { settingsSeen } from './settings-seen.js';
import { pullImage, pushImage } from './move-image.js';

type Failure = { statusCode?: number; code?: string; message?: string; json?: { message?: string } };

/** An engine that takes the call and says nothing must not hold a run. */
const PING_MILLISECONDS = 10_000;
/** Streams to a far engine that wait for the next request; as many as runs usually ask at once. */
const IDLE_SOCKETS = 20;
const UNREACHABLE = ['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EACCES', 'EPIPE', 'ETIMEDOUT'];

/** The engine behind a socket: `unix:/var/run/docker.sock`; errors tell of the server by its name. */
export function connectEngine(address: string, server = address): Docker {
  const path = address.replace(/^unix:/, '');
  return engineOn(new Dockerode({ socketPath: path }), server);
}

/** The engine at the far end of an SSH link, through its own socket: the same calls, the same failures. */
export function connectEngineOver(link: SshLink, server: string): Docker {
  const agent = dialledAgent(() => link.socket(), Infinity, IDLE_SOCKETS);
  // Its types do not know that it takes an agent; the name is no host's, the agent dials.
  const options = { protocol: 'http' as const, host: 'engine', port: 80, agent };
  return engineOn(new Dockerode(options), server);
}

/** Maps the engine's failures to ours; `missing` is answered when the thing is not there. */
const asking =
  (server: string) =>
  async <T>(call: () => Promise<T>, missing?: () => T): Promise<T> => {
    assertStillMine();
    try {
      return await call();
    } catch (error) {
      const failure = error as Failure;
      if (error instanceof AppError) throw error;
      if (failure.statusCode === 404 && missing) return missing();
      if (failure.code && UNREACHABLE.includes(failure.code)) throw new Away('server-unreachable', { server }, error);
      const reason = failure.json?.message ?? failure.message ?? String(error);
      // An engine that is being stopped answers a moment longer than what it stands on.
      if (/transport is closing/i.test(reason)) throw new Away('server-unreachable', { server }, error);
      if (/no space left on device/i.test(reason)) throw new Unavailable('disk-full', { server }, error);
      if (failure.statusCode === 409 && /already in use/i.test(reason))
        throw new Conflict('container-exists', { reason }, error);
      throw new AppError('engine-refused', { reason, status: failure.statusCode ?? 0 }, error);
    }
  };

const filter = (labels: Record<string, string>): { label: string[] } => ({
  label: Object.entries(labels).map(([key, value]) => `${key}=${value}`),
});

export function engineOn(engine: Dockerode, server: string): Docker {
  const ask = asking(server);
  const gone = (): void => undefined;
  const none = (): ContainerView | undefined => undefined;
  /** 304: already so. */
  const already = (error: unknown): void => {
    if ((error as Failure).statusCode !== 304) throw error;
  };

  return {
    ping: () =>
      ask(() =>
        inTime<void>(engine.ping().then(gone), PING_MILLISECONDS, () => new Away('server-unreachable', { server })),
      ),
    facts: () =>
      ask(async () => {
        const facts = await engine.info();
        return {
          id: facts.ID,
          version: facts.ServerVersion,
          storageDriver: facts.Driver,
          cpus: facts.NCPU,
          memoryBytes: facts.MemTotal,
          operatingSystem: facts.OperatingSystem,
        };
      }),

    image: (reference) =>
      ask(
        async () => {
          const found = await engine.getImage(reference).inspect();
          return { id: found.Id, sizeBytes: found.Size, labels: found.Config.Labels ?? {} };
        },
        () => undefined,
      ),
    build: (context, options) => ask(() => buildImage(engine, context, options)),
    removeImage: (reference, isForced = true) =>
      ask(async () => void (await removeImage(engine, reference, isForced)), gone),
    images: (labels) =>
      ask(async () => {
        const found = await engine.listImages({ filters: filter(labels) });
        return found.map(({ Id, RepoTags, RepoDigests }) => ({ id: Id, names: namesOf(RepoTags, RepoDigests) }));
      }),
    tag: (image, as) =>
      ask(async () => {
        const at = as.lastIndexOf(':');
        await engine.getImage(image).tag({ repo: as.slice(0, at), tag: as.slice(at + 1) });
      }),
    pull: (reference, hear) => ask(() => pullImage(engine, reference, hear)),
    push: (reference, hear) => ask(() => pushImage(engine, reference, hear)),

    ensureNetwork: (name, { internal, labels = {} }) =>
      ask(async () => {
        const found = await engine.listNetworks({ filters: { name: [name] } });
        if (found.some(({ Name }) => Name === name)) return;
        await engine.createNetwork(networkOptions(name, internal, labels));
      }),
    removeNetwork: (name) => ask(async () => void (await engine.getNetwork(name).remove()), gone),
    networks: (labels) =>
      ask(async () => (await engine.listNetworks({ filters: filter(labels) })).map(({ Name }) => Name)),
    connect: (network, container, aliases) =>
      ask(async () => {
        const { NetworkSettings } = await engine.getContainer(container).inspect();
        if (NetworkSettings.Networks[network]) return;
        await engine.getNetwork(network).connect({ Container: container, EndpointConfig: { Aliases: aliases } });
      }),

    disconnect: (network, container) =>
      ask(async () => {
        const { NetworkSettings } = await engine.getContainer(container).inspect();
        if (!NetworkSettings.Networks[network]) return;
        await engine.getNetwork(network).disconnect({ Container: container, Force: true });
      }, gone),

    ensureVolume: (name, labels = {}) =>
      ask(async () => void (await engine.createVolume({ Name: name, Labels: labels }))),
    removeVolume: (name) => ask(async () => void (await engine.getVolume(name).remove({ force: true })), gone),
    volumes: (labels) =>
      ask(async () => (await engine.listVolumes({ filters: filter(labels) })).Volumes.map(({ Name }) => Name)),

    container: (name) =>
      ask(
        async () => viewOf(await engine.getContainer(name).inspect()),
        () => undefined,
      ),
    containers: (labels) =>
      ask(async () => {
        const found = await engine.listContainers({ all: true, filters: filter(labels) });
        // One that went meanwhile is left out.
        const look = ({ Id }: { Id: string }) =>
          ask<ContainerView | undefined>(async () => viewOf(await engine.getContainer(Id).inspect()), none);
        return (await Promise.all(found.map(look))).filter((view) => view !== undefined);
      }),
    portOf: (name, port) =>
      ask(async () => {
        const { NetworkSettings } = await engine.getContainer(name).inspect();
        const [bound] = NetworkSettings.Ports[`${port}/tcp`] ?? [];
        return bound && Number(bound.HostPort);
      }),
    create: (spec) =>
      ask(async () => {
        const container = await engine.createContainer(createOptions(spec));
        for (const { name, aliases } of spec.networks?.slice(1) ?? [])
          await engine.getNetwork(name).connect({ Container: container.id, EndpointConfig: { Aliases: aliases } });
      }),
    start: (name) => ask(() => engine.getContainer(name).start().then(gone, already)),
    stop: (name, seconds = 10) => ask(() => engine.getContainer(name).stop({ t: seconds }).then(gone, already)),
    remove: (name) => ask(async () => void (await engine.getContainer(name).remove({ force: true, v: true })), gone),
    signal: (name, signal) => ask(async () => void (await engine.getContainer(name).kill({ signal }))),
    wait: (name) => ask(async () => (await engine.getContainer(name).wait()).StatusCode as number),
    logs: (name, tail) =>
      ask(async () => {
        const raw = (await engine
          .getContainer(name)
          .logs({ stdout: true, stderr: true, tail, follow: false })) as unknown as Buffer;
        return unframe(raw);
      }),
    memoryBytes: (name) =>
      ask(async () => {
        const { memory_stats: memory } = await engine.getContainer(name).stats({ stream: false, 'one-shot': true });
        const cache = (memory.stats?.inactive_file ?? 0) + (memory.stats?.active_file ?? 0);
        return memory.usage - cache;
      }),

    exec: (name, argv, options = {}) => ask(() => exec(engine, name, argv, options)),
    pipe: (name, argv, options) => ask(() => pipe(engine, name, argv, options)),
    // A stream is kept and used by others too: whoever asks over it is asked for his lease.
    dial: (name, argv) => outsideOfLease(() => ask(() => dial(engine, name, argv))),

    stat: (name, path) =>
      ask(
        async () => statOf((await engine.getContainer(name).infoArchive({ path })) as unknown as IncomingMessage),
        () => undefined,
      ),
    putArchive: (name, path, tar) => ask(async () => void (await engine.getContainer(name).putArchive(tar, { path }))),
    getArchive: (name, path) =>
      ask(
        async () => {
          const stream = (await engine.getContainer(name).getArchive({ path })) as Readable;
          // Whoever stops reading must end the request too: the engine holds the container until then.
          return pipeline(stream, new PassThrough(), () => undefined);
        },
        () => undefined,
      ),
  };
}

/** An image without a name or a digest is listed with one of these. */
const namesOf = (...lists: (string[] | null | undefined)[]): string[] =>
  lists.flatMap((names) => names ?? []).filter((name) => !name.startsWith('<none>'));

/** 409: a container stands on it. */
async function removeImage(engine: Dockerode, image: string, force: boolean): Promise<void> {
  try {
    await engine.getImage(image).remove({ force });
  } catch (error) {
    if ((error as Failure).statusCode === 409) throw new Conflict('image-in-use', { image }, error);
    throw error;
  }
}

/** The mode is Go's: its upper bits tell the kind. */
function statOf(answer: IncomingMessage): PathView {
  answer.resume();
  const header = String(answer.headers['x-docker-container-path-stat']);
  const told = JSON.parse(Buffer.from(header, 'base64').toString('utf8')) as {
    mode: number;
    size: number;
    mtime: string;
  };
  return { kind: kindOf(told.mode), bytes: told.size, modifiedAt: new Date(told.mtime) };
}

function kindOf(mode: number): PathView['kind'] {
  const has = (bit: number): boolean => Math.floor(mode / 2 ** bit) % 2 === 1;
  if (has(31)) return 'folder';
  if (has(27)) return 'link';
  // Device, pipe, socket, character device, irregular.
  return [26, 25, 24, 21, 19].some(has) ? 'other' : 'file';
}

const viewOf = (found: Dockerode.ContainerInspectInfo): ContainerView => ({
  name: found.Name.replace(/^\//, ''),
  image: found.Config.Image,
  state: found.State.Status as ContainerView['state'],
  labels: found.Config.Labels ?? {},
  addresses: Object.fromEntries(
    Object.entries(found.NetworkSettings.Networks).map(([network, { IPAddress }]) => [network, IPAddress]),
  ),
  restarts: (found as { RestartCount?: number }).RestartCount ?? 0,
  restsSince: found.State.Running
    ? null
    : new Date(Math.max(Date.parse(found.State.FinishedAt), Date.parse(found.Created))),
  settings: settingsSeen(found),
});

/** The engine frames stdout and stderr of a container without a terminal: 8 bytes of header, then the text. */
function unframe(raw: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= raw.length;) {
    const length = raw.readUInt32BE(at + 4);
    parts.push(raw.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(parts).toString('utf8');
}

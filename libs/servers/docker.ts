import type { Duplex, Readable, Writable } from 'node:stream';
import type { ContainerSettings } from './settings.js';

/** What stands on a server, as the engine itself tells it. */
export interface ContainerView {
  name: string;
  image: string;
  state: 'created' | 'running' | 'paused' | 'restarting' | 'exited' | 'dead' | 'removing';
  labels: Record<string, string>;
  /** network name -> IPv4 address, empty while not running */
  addresses: Record<string, string>;
  restarts: number;
  /** Since when nothing runs in it: its end, or its creation when it never ran; null while it runs. */
  restsSince: Date | null;
  settings: ContainerSettings;
}

export interface ContainerSpec {
  name: string;
  image: string;
  /** Appended to the image's entrypoint. */
  argv?: string[];
  entrypoint?: string[];
  user?: string;
  /** Never a secret: these are visible to everybody who may inspect. */
  env?: Record<string, string>;
  labels?: Record<string, string>;
  /** The first is joined at creation, the others before the start. Aliases are names other containers may use. */
  networks?: { name: string; aliases?: string[] }[];
  mounts?: { volume: string; path: string; readOnly?: boolean }[];
  /** path -> mount options, e.g. `/run` -> `mode=755,size=16m` */
  tmpfs?: Record<string, string>;
  /** Who is asked for names that the engine does not know; without it, whoever the server itself asks. */
  dns?: string[];
  /** `host` 0: any free one. */
  ports?: { host: number; hostAddress: string; container: number }[];
  readOnlyRoot?: boolean;
  capabilities?: string[];
  /** Kernel settings of its own network namespace, e.g. `net.ipv4.tcp_migrate_req`. */
  sysctls?: Record<`net.${string}`, string>;
  memoryMiB?: number;
  cpus?: number;
  pids?: number;
  /** `always`: after a crash of the engine it takes what it had to end itself for stopped by hand, and leaves it out otherwise. */
  restart?: 'no' | 'always';
  stopSeconds?: number;
  workingDirectory?: string;
}

export interface ExecResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** What an engine tells of one layer while an image moves. */
export interface LayerEvent {
  /** The first 12 digits of the layer's digest; undefined for what is told of the whole image. */
  layer?: string;
  status: string;
  bytes?: number;
}

export interface PathView {
  kind: 'file' | 'folder' | 'link' | 'other';
  bytes: number;
  modifiedAt: Date;
}

/**
 * The one door to a server: everything a control plane does there is an engine call or argv, never a shell string.
 * Every call throws `Away('server-unreachable', { server })` when the engine does not answer.
 * "ensure" and "remove" calls are idempotent. Containers are always created with `--ipc none`, all capabilities
 * dropped but the named ones, and no-new-privileges.
 */
export interface Docker {
  /** Whether it answers at all; the cheapest call. */
  ping(): Promise<void>;
  facts(): Promise<{
    /** Made by the engine when it first starts; it keeps it. */
    id: string;
    version: string;
    storageDriver: string;
    cpus: number;
    memoryBytes: number;
    operatingSystem: string;
  }>;

  image(reference: string): Promise<{ id: string; sizeBytes: number; labels: Record<string, string> } | undefined>;
  /** Builds a tar context; `onLine` gets the engine's lines. Returns the image id. Throws `Unavailable('image-build-failed', { line })`. */
  build(
    context: Readable,
    options: {
      tag: string;
      labels?: Record<string, string>;
      args?: Record<string, string>;
      onLine?: (line: string) => void;
    },
  ): Promise<string>;
  /** Without `isForced` the engine keeps what a container stands on: throws `Conflict('image-in-use', { image })`. */
  removeImage(reference: string, isForced?: boolean): Promise<void>;
  /** Images with these labels, each with all its names. */
  images(labels: Record<string, string>): Promise<{ id: string; names: string[] }[]>;
  tag(image: string, as: string): Promise<void>;
  /** `host:port/name@digest`. Throws `Unavailable('image-not-moved', { image, reason })`, `NotProved('image-damaged')`. */
  pull(reference: string, hear?: (event: LayerEvent) => void): Promise<void>;
  /** `host:port/name:tag`. Throws as `pull`. */
  push(reference: string, hear?: (event: LayerEvent) => void): Promise<void>;

  ensureNetwork(name: string, options: { internal: boolean; labels?: Record<string, string> }): Promise<void>;
  removeNetwork(name: string): Promise<void>;
  /** Names of networks with these labels. */
  networks(labels: Record<string, string>): Promise<string[]>;
  connect(network: string, container: string, aliases?: string[]): Promise<void>;
  /** Fine when it is not connected, or when there is no such network. */
  disconnect(network: string, container: string): Promise<void>;

  ensureVolume(name: string, labels?: Record<string, string>): Promise<void>;
  removeVolume(name: string): Promise<void>;
  volumes(labels: Record<string, string>): Promise<string[]>;

  container(name: string): Promise<ContainerView | undefined>;
  containers(labels: Record<string, string>): Promise<ContainerView[]>;
  /** The server's port that leads to a port of a running container; undefined when none does. */
  portOf(name: string, port: number): Promise<number | undefined>;
  /** Creates, does not start. A container of that name must not exist: throws `Conflict('container-exists', { name })`. */
  create(spec: ContainerSpec): Promise<void>;
  start(name: string): Promise<void>;
  stop(name: string, seconds?: number): Promise<void>;
  /** Stops and removes; fine when it is not there. Anonymous volumes go too, named ones never. */
  remove(name: string): Promise<void>;
  /** For the engine it counts as stopped by hand from then on: it does not come back after a restart of the engine. */
  signal(name: string, signal: string): Promise<void>;
  /** Waits for the end of a one-off container and returns its exit code. */
  wait(name: string): Promise<number>;
  logs(name: string, tail: number): Promise<string>;
  /** Resident + shared memory as the cgroup accounts it, without page cache. */
  memoryBytes(name: string): Promise<number>;

  /** argv only. Output is cut at 1 MiB each. `env` may carry secrets: it is seen only by that process. */
  exec(
    name: string,
    argv: string[],
    options?: { user?: string; env?: Record<string, string>; workingDirectory?: string; stdin?: Readable },
  ): Promise<ExecResult>;
  /** As exec, stdout piped into `stdout` (dumps). Returns code and stderr. */
  pipe(
    name: string,
    argv: string[],
    options: { user?: string; env?: Record<string, string>; stdin?: Readable; stdout?: Writable },
  ): Promise<{ code: number; stderr: string }>;
  /** A byte stream to a process inside the container (e.g. `socat - TCP:127.0.0.1:3306`): sockets without a port. */
  dial(name: string, argv: string[]): Promise<Duplex>;

  /** Extracts a tar at `path`; owners and modes are kept. Works on created (never started) containers with volumes. */
  putArchive(name: string, path: string, tar: Readable | Buffer): Promise<void>;
  /** What stands at a path, a link itself and not what it points to; undefined when nothing does. Moves no content. */
  stat(name: string, path: string): Promise<PathView | undefined>;
  /** Tar of a file or folder; undefined when it is not there. */
  getArchive(name: string, path: string): Promise<Readable | undefined>;
}

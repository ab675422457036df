import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import * as names from '#libs/catalog/names.js';
import { Unavailable } from '#libs/core/errors.js';
import { inTime } from '#libs/core/retry.js';
import type { Docker, ExecResult } from '#libs/servers/docker.js';
import type { Limits } from './landing.js';
import { ROOT } from './recipe.js';
import { untarStream } from './tar.js';

/** Nobody of a desa, and not root: docker/composer makes it. */
export const BUILDER = 10002;
const [MEMORY_MIB, PROCESSES] = [2048, 256];

export type BenchDocker = Pick<
  Docker,
  'image' | 'create' | 'start' | 'remove' | 'exec' | 'putArchive' | 'getArchive' | 'stat' | 'ensureVolume'
>;

export interface BenchWish {
  docker: BenchDocker;
  /** One release is made ready by one container at a time. */
  releaseId: string;
  image: string;
  /** The engine's default network, or none at all. */
  hasNetwork: boolean;
  /** Whether packages are kept for the next build, or only looked up. */
  cache?: 'written' | 'read';
  /** Unpacked at `/`, in this order. */
  tars: (Readable | Buffer)[];
}

export interface Bench {
  /** argv in the tree; `env` is seen by that process alone. Throws `build-command-late`. */
  run(argv: string[], options?: { env?: Record<string, string>; timeoutSeconds?: number }): Promise<ExecResult>;
  has(path: string): Promise<boolean>;
  /** A file or folder of the tree; undefined when it is not there. */
  read(path: string): Promise<Readable | undefined>;
}

/** A container that lives as long as `act`: what a killed worker left of it goes first. Throws `php-image-missing`. */
export async function atBench<T>(wish: BenchWish, act: (bench: Bench) => Promise<T>): Promise<T> {
  const { docker, image } = wish;
  if (!(await docker.image(image))) throw new Unavailable('php-image-missing', { php: image.split(':')[1]!, image });
  const name = names.workbench(wish.releaseId);
  await docker.remove(name);
  try {
    await set(name, wish);
    return await act(benchOf(docker, name));
  } finally {
    await docker.remove(name);
  }
}

async function set(name: string, { docker, image, hasNetwork, cache, tars }: BenchWish): Promise<void> {
  const labels = names.labels({ 'siappakai.kind': 'build' });
  if (cache) await docker.ensureVolume(names.composerCache(), labels);
  await docker.create({
    name,
    image,
    labels,
    entrypoint: ['sleep', '7200'],
    user: String(BUILDER),
    env: { HOME: '/tmp' },
    networks: hasNetwork ? [{ name: 'bridge' }] : [],
    mounts: cache ? [{ volume: names.composerCache(), path: '/cache', readOnly: cache === 'read' }] : [],
    memoryMiB: MEMORY_MIB,
    pids: PROCESSES,
  });
  for (const tar of tars) await docker.putArchive(name, '/', tar);
  await docker.start(name);
}

const benchOf = (docker: BenchDocker, name: string): Bench => ({
  run: (argv, { env, timeoutSeconds = 1800 } = {}) =>
    inTime(
      docker.exec(name, argv, { env, user: String(BUILDER), workingDirectory: `/${ROOT}` }),
      timeoutSeconds * 1000,
      () => new Unavailable('build-command-late', { command: argv.join(' '), seconds: timeoutSeconds }),
    ),
  has: async (path) => (await docker.stat(name, `/${ROOT}/${path}`)) !== undefined,
  read: (path) => docker.getArchive(name, `/${ROOT}/${path}`),
});

/** Puts a file or folder from the bench where it stands in the tree, in place of what was there. */
export async function takeBack(
  bench: Bench,
  path: string,
  { tree, limits }: { tree: string; limits: Limits },
): Promise<void> {
  const tar = await bench.read(path);
  if (!tar) return;
  await rm(join(tree, path), { recursive: true, force: true });
  await untarStream(tar, join(tree, path, '..'), limits, path);
}

import { randomBytes } from 'node:crypto';
import { extract, pack } from 'tar-stream';
import type { Readable } from 'node:stream';
import { AppError, Conflict, NotProved, Unavailable } from '#libs/core/errors.js';
import { until } from '#libs/core/retry.js';
import type { Docker } from '#libs/servers/docker.js';
import { tarOf, type Entry } from '#libs/servers/files.js';
import { parentsOf } from '../paths.js';
import type { RuntimeSpec } from '../runtime-port.js';

export const filesContainer = (runtime: string): string => `${runtime}-files`;

const mountsOf = (spec: RuntimeSpec): { volume: string; path: string }[] => [
  { volume: spec.configVolume, path: '/conf' },
  { volume: spec.dataVolume, path: '/data' },
];

/** A container that is never started: through it the engine reads and writes both volumes. */
export async function ensureFiles(docker: Docker, spec: RuntimeSpec): Promise<string> {
  const name = filesContainer(spec.name);
  if (await docker.container(name)) return name;
  for (const { volume } of mountsOf(spec)) await docker.ensureVolume(volume, spec.labels);
  try {
    await docker.create({
      name,
      image: spec.image,
      labels: { ...spec.labels, 'siappakai.kind': 'files' },
      mounts: mountsOf(spec),
    });
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    // The name is taken from the first word of another's call; the container stands a moment later.
    const late = (): Error => new Unavailable('runtime-not-live', { runtime: name, says: String(error) });
    await until(() => docker.container(name), { timeoutSeconds: 30, everyMilliseconds: 50, late });
  }
  return name;
}

export async function write(
  docker: Docker,
  spec: RuntimeSpec,
  root: '/conf' | '/data',
  entries: Entry[],
): Promise<void> {
  await docker.putArchive(await ensureFiles(docker, spec), root, await tarOf(entries));
}

/** One command in a container of its own, without a network: for what the archive API cannot do, deleting. */
export async function runOnce(
  docker: Docker,
  spec: RuntimeSpec,
  argv: string[],
  as: { user?: string; capabilities?: string[] } = {},
): Promise<void> {
  // Workers in containers all have the same process number.
  const name = `${spec.name}-once-${randomBytes(6).toString('hex')}`;
  const [program = '', ...rest] = argv;
  await ensureFiles(docker, spec);
  await docker.create({
    name,
    image: spec.image,
    entrypoint: [program],
    argv: rest,
    ...as,
    mounts: mountsOf(spec),
    readOnlyRoot: true,
    labels: { ...spec.labels, 'siappakai.kind': 'once' },
    memoryMiB: 128,
    pids: 50,
  });
  try {
    await docker.start(name);
    const code = await docker.wait(name);
    if (code !== 0)
      throw new AppError('command-failed', {
        command: program,
        code,
        says: (await docker.logs(name, 5)).slice(0, 500),
      });
  } finally {
    await docker.remove(name);
  }
}

export interface Header {
  name: string;
  type: string;
  uid: number;
  mode: number;
}

/** What stands at a path, links not followed; undefined when nothing does. */
export async function headerOf(docker: Docker, container: string, path: string): Promise<Header | undefined> {
  const tar = await docker.getArchive(container, path);
  if (!tar) return undefined;
  const reader = extract();
  tar.on('error', (error) => reader.destroy(error));
  tar.pipe(reader);
  for await (const { header } of reader) {
    tar.unpipe(reader);
    tar.destroy();
    return { name: header.name, type: header.type ?? 'file', uid: header.uid ?? 0, mode: header.mode ?? 0 };
  }
  return undefined;
}

/** A desa may plant a link in its own folder; the engine would follow it into a neighbour's. */
export async function refuseLinks(docker: Docker, container: string, site: string, path: string): Promise<void> {
  for (const parent of parentsOf(`${site}/${path}`)) {
    if ((await docker.stat(container, `/data/${parent}`))?.kind === 'link')
      throw new NotProved('link-in-data', { site, path: parent });
  }
}

/** Every entry of a tar, changed on its way through. Whoever reads may stop (a full disk): then `done` says so, and only it. */
export function changed(
  tar: Readable,
  change: (header: Header & { linkname?: string | null }) => void,
  into = pack(),
): { done: Promise<void>; stream: ReturnType<typeof pack> } {
  const reader = extract();
  const done = new Promise<void>((resolve, reject) => {
    reader.on('entry', (header, body, next) => {
      change(header as Header);
      body.on('error', reject);
      if (into.destroyed) return reject(new Error('nobody reads any more'));
      const entry = into.entry(header, next) as NodeJS.WritableStream;
      entry.on('error', reject);
      body.pipe(entry);
    });
    reader.on('finish', () => resolve());
    reader.on('error', reject);
    tar.on('error', reject);
  });
  done.catch(() => tar.destroy());
  tar.pipe(reader);
  return { done, stream: into };
}

/** The regular files of a tar, name and text. */
export async function filesOf(tar: Readable): Promise<{ name: string; content: Buffer }[]> {
  const reader = extract();
  tar.pipe(reader);
  const found: { name: string; content: Buffer }[] = [];
  for await (const entry of reader) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    if (entry.header.type === 'file') found.push({ name: entry.header.name, content: Buffer.concat(parts) });
  }
  return found;
}

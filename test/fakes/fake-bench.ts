import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { Unavailable } from '#libs/core/errors.js';
import type { BenchDocker } from '#libs/releases/workbench.js';
import type { ContainerSpec, ExecResult } from '#libs/servers/docker.js';
import { tarOf, type Entry } from '#libs/servers/files.js';

const TREE = '/var/www/html';

export interface BenchSeen {
  spec: ContainerSpec;
  /** Absolute path -> content; a folder is there when something is below it. */
  files: Map<string, string>;
}

export interface FakeBench {
  docker: BenchDocker;
  /** Those that stand. */
  containers: Map<string, BenchSeen>;
  ran: { argv: string; env: Record<string, string>; networks: string[]; readOnlyCache: boolean | undefined }[];
  calls: number;
  /** This call of the engine is the one that fails. */
  failAt: number;
  missing: string[];
}

/** An engine that plays composer and hooks: what they write lies in the container's files. */
export function fakeBench(hook: (files: Map<string, string>) => ExecResult): FakeBench {
  const containers: FakeBench['containers'] = new Map();
  const fake: FakeBench = { docker: {} as BenchDocker, containers, ran: [], calls: 0, failAt: 0, missing: [] };
  const at = (name: string): BenchSeen => containers.get(name)!;
  const docker: BenchDocker = {
    image: async () => ({ id: 'base', sizeBytes: 0, labels: {} }),
    ensureVolume: async () => undefined,
    create: async (spec) => void containers.set(spec.name, { spec, files: new Map() }),
    start: async () => undefined,
    remove: async (name) => void containers.delete(name),
    putArchive: async (name, path, tar) => unpack(at(name).files, path, tar),
    getArchive: async (name, path) => packed(at(name).files, path),
    stat: async (name, path) =>
      below(at(name).files, path).length > 0 ? { kind: 'file', bytes: 0, modifiedAt: new Date(0) } : undefined,
    exec: async (name, argv, { env = {} } = {}) => {
      const { spec, files } = at(name);
      const networks = (spec.networks ?? []).map((network) => network.name);
      fake.ran.push({ argv: argv.join(' '), env, networks, readOnlyCache: spec.mounts?.[0]?.readOnly });
      return play(argv, files, fake, hook);
    },
  };
  fake.docker = counted(docker, fake);
  return fake;
}

const done = (stdout = ''): ExecResult => ({ code: 0, stdout, stderr: '' });

function play(
  argv: string[],
  files: Map<string, string>,
  fake: FakeBench,
  hook: Parameters<typeof fakeBench>[0],
): ExecResult {
  if (argv.includes('update') && fake.missing.length > 0) return { code: 2, stdout: '', stderr: 'Problem 1' };
  if (argv.includes('update')) files.set(`${TREE}/composer.lock`, JSON.stringify({ packages: [] }));
  else if (argv.includes('install')) files.set(`${TREE}/vendor/autoload.php`, '<?php');
  else if (argv.includes('fetch') || argv.includes('explain'))
    return done(JSON.stringify({ missing: fake.missing, extensions: [], silent: [] }));
  else return hook(files);
  return done();
}

/** Removing never fails: it is how everything is put right. */
function counted(docker: BenchDocker, fake: FakeBench): BenchDocker {
  const wrapped = Object.entries(docker).map(([name, call]) => [
    name,
    async (...given: unknown[]): Promise<unknown> => {
      if (name === 'remove') return (call as (...all: unknown[]) => unknown)(...given);
      fake.calls += 1;
      if (fake.calls === fake.failAt) throw new Unavailable('server-unreachable', { server: 'x' });
      return (call as (...all: unknown[]) => unknown)(...given);
    },
  ]);
  return Object.fromEntries(wrapped) as BenchDocker;
}

const below = (files: Map<string, string>, path: string): string[] =>
  [...files.keys()].filter((file) => file === path || file.startsWith(`${path}/`));

async function unpack(files: Map<string, string>, path: string, tar: Readable | Buffer): Promise<void> {
  const reader = extract();
  (Buffer.isBuffer(tar) ? Readable.from([tar]) : tar).pipe(reader as unknown as NodeJS.WritableStream);
  for await (const entry of reader) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    if (entry.header.type === 'file') files.set(posix.join(path, entry.header.name), Buffer.concat(parts).toString());
  }
}

async function packed(files: Map<string, string>, path: string): Promise<Readable | undefined> {
  const found = below(files, path);
  if (found.length === 0) return undefined;
  const entries = found.map((file): Entry => ({
    kind: 'file',
    path: posix.relative(posix.dirname(path), file),
    content: files.get(file)!,
  }));
  return Readable.from([await tarOf(entries)]);
}

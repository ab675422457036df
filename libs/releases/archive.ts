import { chmod, cp, lstat, mkdir, readdir, readlink, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { InvalidInput, NotFound } from '#libs/core/errors.js';
import { meter, type Limits } from './landing.js';
import { untar } from './tar.js';
import { hashFile, hashFolder, walk } from './tree.js';
import { unzip } from './zip.js';

export interface OpenedArchive {
  /** The single top folder is stripped: the application's own root. */
  tree: string;
  sha256: string;
}

export type ArchiveKind = 'folder' | 'zip' | 'tar.gz';

/** What a path holds, and how large the file is. Throws `archive-missing`, `archive-kind-unknown`. */
export async function lookAt(path: string): Promise<{ kind: ArchiveKind; bytes: number }> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new NotFound('archive-missing', { path });
  if (found.isDirectory()) return { kind: 'folder', bytes: 0 };
  if (found.isFile() && /\.zip$/i.test(path)) return { kind: 'zip', bytes: found.size };
  if (found.isFile() && /\.(tar\.gz|tgz)$/i.test(path)) return { kind: 'tar.gz', bytes: found.size };
  throw new InvalidInput('archive-kind-unknown', { path });
}

/** Unpacks into `work`, refusing what leaves it or is too large; problems name it as `called`. Throws `archive-…`. */
export async function openArchive(path: string, work: string, limits: Limits, called = path): Promise<OpenedArchive> {
  const { kind } = await lookAt(path);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true, mode: 0o700 });
  if (kind === 'folder') await copyFolder(path, work, limits);
  else if (kind === 'zip') await unzip(path, work, limits, called);
  else await untar(path, work, limits, called);
  const tree = await rootOf(work);
  await refuseLeavingLinks(tree);
  return { tree, sha256: kind === 'folder' ? await hashFolder(tree) : await hashFile(path) };
}

async function copyFolder(path: string, work: string, limits: Limits): Promise<void> {
  const count = meter(limits);
  await cp(path, work, {
    recursive: true,
    verbatimSymlinks: true,
    filter: async (source) => {
      const found = await lstat(source);
      if (/(^|\/)(\.git|node_modules)$/.test(source)) return false;
      if (!found.isFile() && !found.isDirectory() && !found.isSymbolicLink())
        throw new InvalidInput('archive-entry-refused', { entry: source, kind: 'device' });
      count(found.isFile() ? found.size : 0);
      return true;
    },
  });
  await chmod(work, 0o700);
}

async function rootOf(work: string): Promise<string> {
  const entries = await readdir(work, { withFileTypes: true });
  const [only] = entries;
  return entries.length === 1 && only?.isDirectory() ? join(work, only.name) : work;
}

async function refuseLeavingLinks(tree: string): Promise<void> {
  const root = await realpath(tree);
  for (const { path, kind } of await walk(tree)) {
    if (kind !== 'link') continue;
    const to = await readlink(join(tree, path));
    const real = await realpath(join(tree, path)).catch(() => resolve(root, dirname(path), to));
    if (to.startsWith('/') || relative(root, real).startsWith('..'))
      throw new InvalidInput('archive-path-outside', { entry: `${path} -> ${to}` });
  }
}

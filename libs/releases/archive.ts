import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, cp, lstat, mkdir, readdir, readlink, realpath, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { InvalidInput, NotFound } from '#libs/core/errors.js';
import { landing, meter, refuseLinkedParents, type Limits } from './landing.js';
import { unzip } from './zip.js';

export interface OpenedArchive {
  /** The single top folder is stripped: the application's own root. */
  tree: string;
  sha256: string;
}

/** Unpacks a tar.gz, zip or folder into `work`, refusing what leaves it or is too large. Throws `archive-…`. */
export async function openArchive(path: string, work: string, limits: Limits): Promise<OpenedArchive> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new NotFound('archive-missing', { path });
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true, mode: 0o700 });
  if (found.isDirectory()) await copyFolder(path, work, limits);
  else if (/\.zip$/i.test(path)) await unzip(path, work, limits);
  else if (/\.(tar\.gz|tgz)$/i.test(path)) await untar(path, work, limits);
  else throw new InvalidInput('archive-kind-unknown', { path });
  const tree = await rootOf(work);
  await refuseLeavingLinks(tree);
  return { tree, sha256: found.isDirectory() ? await hashFolder(tree) : await hashFile(path) };
}

async function untar(path: string, work: string, limits: Limits): Promise<void> {
  const count = meter(limits);
  const reader = extract();
  const reading = pipeline(createReadStream(path), createGunzip(), reader);
  reading.catch(() => undefined);
  try {
    for await (const entry of reader) {
      const { name, type, size = 0, linkname } = entry.header;
      count(size);
      const target = landing(work, name);
      await refuseLinkedParents(work, target);
      if (type === 'directory') await mkdir(target, { recursive: true });
      else if (type === 'file') {
        await mkdir(dirname(target), { recursive: true });
        await pipeline(entry, createWriteStream(target, { mode: 0o644 }));
      } else if (type === 'symlink') await link(work, target, linkname ?? '');
      else if (!['pax-header', 'pax-global-header'].includes(type ?? ''))
        throw new InvalidInput('archive-entry-refused', { entry: name, kind: type ?? '' });
      entry.resume();
    }
    await reading;
  } catch (error) {
    if (error instanceof InvalidInput) throw error;
    throw new InvalidInput('archive-damaged', { path, reason: (error as Error).message }, error);
  }
}

async function link(work: string, target: string, to: string): Promise<void> {
  landing(work, relative(work, resolve(dirname(target), to)));
  if (to.startsWith('/')) throw new InvalidInput('archive-path-outside', { entry: to });
  await mkdir(dirname(target), { recursive: true });
  await symlink(to, target);
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

/** Every path below a folder, sorted, links not followed. */
export async function walk(folder: string, prefix = ''): Promise<{ path: string; kind: 'file' | 'folder' | 'link' }[]> {
  const entries = (await readdir(join(folder, prefix), { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  const found: { path: string; kind: 'file' | 'folder' | 'link' }[] = [];
  for (const entry of entries) {
    const path = prefix ? `${prefix}/${entry.name}` : entry.name;
    if (entry.isDirectory()) found.push({ path, kind: 'folder' }, ...(await walk(folder, path)));
    else found.push({ path, kind: entry.isSymbolicLink() ? 'link' : 'file' });
  }
  return found;
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

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function contentOf(tree: string, path: string, kind: 'file' | 'folder' | 'link'): Promise<string> {
  if (kind === 'folder') return '';
  return kind === 'link' ? readlink(join(tree, path)) : hashFile(join(tree, path));
}

async function hashFolder(tree: string): Promise<string> {
  const hash = createHash('sha256');
  for (const { path, kind } of await walk(tree)) hash.update(`${kind} ${path} ${await contentOf(tree, path, kind)}\n`);
  return hash.digest('hex');
}

import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pack, type Pack } from 'tar-stream';
import { above, ROOT } from './recipe.js';
import type { TreeEntry } from './tree.js';

const EPOCH = new Date(0);
const OWNED = { uid: 0, gid: 0, mtime: EPOCH };

/** A layer's entries: what the tree holds, and what it lacks (made empty). */
export interface LayerContent {
  present: readonly TreeEntry[];
  missing: readonly TreeEntry[];
}

/**
 * Root-owned, readable by all, writable by nobody, with one time for all, also for the folders above: equal trees give
 * equal layers, with or without the cache of the engine. Never empty, or the engine would copy the tar as a file.
 */
export async function layerTar(tree: string, { present, missing }: LayerContent): Promise<Buffer> {
  const tar = pack();
  for (const path of [...above(ROOT), ROOT]) tar.entry({ ...OWNED, name: path, type: 'directory', mode: 0o755 });
  for (const entry of present) await addPresent(tar, tree, entry);
  for (const entry of missing) tar.entry(headerOf(entry), '');
  tar.finalize();
  return gathered(tar);
}

async function addPresent(tar: Pack, tree: string, entry: TreeEntry): Promise<void> {
  const path = join(tree, entry.path);
  if (entry.kind === 'file') tar.entry(headerOf(entry), await readFile(path));
  else if (entry.kind === 'folder') tar.entry(headerOf(entry));
  else tar.entry({ ...OWNED, name: landed(entry.path), type: 'symlink', linkname: await readlink(path), mode: 0o777 });
}

const landed = (path: string): string => `${ROOT}/${path}`;

const headerOf = ({ path, kind }: TreeEntry): Parameters<Pack['entry']>[0] =>
  kind === 'folder'
    ? { ...OWNED, name: landed(path), type: 'directory', mode: 0o755 }
    : { ...OWNED, name: landed(path), type: 'file', mode: 0o644 };

/** One file of the build context. */
export const addFile = (context: Pack, name: string, content: Buffer): Promise<void> =>
  new Promise((resolve, reject) =>
    context.entry({ ...OWNED, name, mode: 0o644 }, content, (error) => (error ? reject(error) : resolve())),
  );

async function gathered(tar: Pack): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of tar) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
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
export async function layerTar(tree: string, content: LayerContent): Promise<Buffer> {
  const tar = pack();
  const packing = packTree(tar, tree, content, 0);
  const [bytes] = await Promise.all([gathered(tar), packing]);
  return bytes;
}

/** The same as a stream, given to who works in the tree: only the tree itself is theirs. */
export function workTar(tree: string, content: LayerContent, owner: number): Readable {
  const tar = pack();
  packTree(tar, tree, content, owner).catch((error: Error) => tar.destroy(error));
  return tar as unknown as Readable;
}

async function packTree(tar: Pack, tree: string, { present, missing }: LayerContent, uid: number): Promise<void> {
  for (const path of above(ROOT)) await add(tar, folderAt(path));
  await add(tar, { ...folderAt(ROOT), uid, gid: uid });
  for (const entry of present) await addPresent(tar, tree, entry, uid);
  for (const entry of missing) await add(tar, { ...headerOf(entry), uid, gid: uid });
  tar.finalize();
}

async function addPresent(tar: Pack, tree: string, entry: TreeEntry, uid: number): Promise<void> {
  const path = join(tree, entry.path);
  const header = { ...headerOf(entry), uid, gid: uid };
  if (entry.kind === 'file') await add(tar, header, await readFile(path));
  else if (entry.kind === 'folder') await add(tar, header);
  else await add(tar, { ...header, type: 'symlink', linkname: await readlink(path), mode: 0o777 });
}

type Header = Parameters<Pack['entry']>[0];
const folderAt = (name: string): Header => ({ ...OWNED, name, type: 'directory', mode: 0o755 });

const headerOf = ({ path, kind }: TreeEntry): Header =>
  kind === 'folder' ? folderAt(`${ROOT}/${path}`) : { ...OWNED, name: `${ROOT}/${path}`, type: 'file', mode: 0o644 };

/** Waits until the reader took it, so that a large tree never stands in memory. */
const add = (tar: Pack, header: Header, content: Buffer = Buffer.alloc(0)): Promise<void> =>
  new Promise((resolve, reject) => tar.entry(header, content, (error) => (error ? reject(error) : resolve())));

/** One file of the build context. */
export const addFile = (context: Pack, name: string, content: Buffer): Promise<void> =>
  add(context, { ...OWNED, name, mode: 0o644 }, content);

async function gathered(tar: Pack): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of tar) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** One thing of a tree; `path` is relative to its root. */
export interface TreeEntry {
  path: string;
  kind: 'file' | 'folder' | 'link';
}

/** Every path below a folder, sorted, links not followed. */
export async function walk(folder: string, prefix = ''): Promise<TreeEntry[]> {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true });
  const found: TreeEntry[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = prefix ? `${prefix}/${entry.name}` : entry.name;
    if (entry.isDirectory()) found.push({ path, kind: 'folder' }, ...(await walk(folder, path)));
    else found.push({ path, kind: entry.isSymbolicLink() ? 'link' : 'file' });
  }
  return found;
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function contentOf(tree: string, { path, kind }: TreeEntry): Promise<string> {
  if (kind === 'folder') return '';
  return kind === 'link' ? readlink(join(tree, path)) : hashFile(join(tree, path));
}

export async function hashFolder(tree: string): Promise<string> {
  const hash = createHash('sha256');
  for (const entry of await walk(tree)) hash.update(`${entry.kind} ${entry.path} ${await contentOf(tree, entry)}\n`);
  return hash.digest('hex');
}

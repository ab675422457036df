import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pack, type Pack } from 'tar-stream';
import { walk, type TreeEntry } from './tree.js';

interface Part {
  folder: string;
  /** A file or folder in it, and where it lands. */
  name: string;
  to: string;
}

/** Files and folders as one stream, all of one owner; what is read is let go before the next. */
export function partsTar(parts: readonly Part[], uid: number): Readable {
  const tar = pack();
  packParts(tar, parts, uid).catch((error: Error) => tar.destroy(error));
  return tar as unknown as Readable;
}

async function packParts(tar: Pack, parts: readonly Part[], uid: number): Promise<void> {
  for (const { folder, name, to } of parts) {
    const below = await walk(join(folder, name)).catch(notAFolder);
    const kind = below ? 'folder' : 'file';
    await add(tar, { folder, name, to }, { path: '', kind }, uid);
    for (const entry of below ?? []) await add(tar, { folder, name, to }, entry, uid);
  }
  tar.finalize();
}

function notAFolder(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOTDIR') throw error;
}

const TYPES = { file: 'file', folder: 'directory', link: 'symlink' } as const;

async function add(tar: Pack, { folder, name, to }: Part, { path, kind }: TreeEntry, uid: number): Promise<void> {
  const from = join(folder, name, path);
  const header = {
    name: join(to, path),
    type: TYPES[kind],
    mode: kind === 'folder' ? 0o755 : 0o644,
    uid,
    gid: uid,
    mtime: new Date(0),
    ...(kind === 'link' ? { linkname: await readlink(from) } : {}),
  };
  const content = kind === 'file' ? await readFile(from) : Buffer.alloc(0);
  await new Promise<void>((resolve, reject) =>
    tar.entry(header, content, (error) => (error ? reject(error) : resolve())),
  );
}

import { pack, extract } from 'tar-stream';
import type { Readable } from 'node:stream';

/** One entry of a tree to be written; folders end with no slash. Owner defaults to root. */
export type Entry = { path: string; uid?: number; gid?: number; mode?: number; modifiedAt?: Date } & (
  { kind: 'file'; content: string | Buffer } | { kind: 'folder' } | { kind: 'link'; to: string }
);

const MODES = { file: 0o644, folder: 0o755, link: 0o777 } as const;
const TYPES = { file: 'file', folder: 'directory', link: 'symlink' } as const;

/** A tar of the entries, in the order given, with a fixed time so that equal trees give equal bytes. */
export async function tarOf(entries: Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const entry of entries) {
    const header = {
      name: entry.path,
      type: TYPES[entry.kind],
      mode: entry.mode ?? MODES[entry.kind],
      uid: entry.uid ?? 0,
      gid: entry.gid ?? 0,
      mtime: entry.modifiedAt ?? new Date(0),
      ...(entry.kind === 'link' ? { linkname: entry.to } : {}),
    };
    tar.entry(header, entry.kind === 'file' ? entry.content : '');
  }
  tar.finalize();
  const parts: Buffer[] = [];
  for await (const part of tar) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** The first regular file of a tar stream, or undefined. */
export async function firstFileOf(tar: Readable): Promise<Buffer | undefined> {
  const reader = extract();
  tar.pipe(reader);
  let found: Buffer | undefined;
  for await (const entry of reader) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    if (!found && entry.header.type === 'file') found = Buffer.concat(parts);
  }
  return found;
}

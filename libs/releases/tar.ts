import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Extract } from 'tar-stream';
import { InvalidInput } from '#libs/core/errors.js';
import { damaged, landing, meter, refuseLinkedParents, type Limits } from './landing.js';

type Entry = Extract extends AsyncIterable<infer One> ? One : never;

const SILENT = ['pax-header', 'pax-global-header'];

/** Unpacks a tar.gz, one entry at a time. `called` is its name in problems. */
export const untar = (path: string, work: string, limits: Limits, called: string): Promise<void> =>
  unpackAll(
    { pour: (reader) => pipeline(createReadStream(path), createGunzip(), reader), isWanted: () => true },
    { work, limits, called },
  );

/** Unpacks what an engine gives of a container, without what git keeps for itself. */
export const untarStream = (tar: Readable, work: string, limits: Limits, called: string): Promise<void> =>
  unpackAll(
    { pour: (reader) => pipeline(tar, reader), isWanted: (name) => !/(^|\/)\.git(\/|$)/.test(name) },
    { work, limits, called },
  );

interface Source {
  pour(reader: Extract): Promise<void>;
  isWanted(name: string): boolean;
}

async function unpackAll(
  { pour, isWanted }: Source,
  { work, limits, called }: { work: string; limits: Limits; called: string },
): Promise<void> {
  const count = meter(limits);
  const reader = extract();
  const reading = pour(reader);
  reading.catch(() => undefined);
  try {
    for await (const entry of reader) {
      if (isWanted(entry.header.name)) {
        count(entry.header.size ?? 0);
        await unpack(entry, work);
      }
      entry.resume();
    }
    await reading;
  } catch (error) {
    throw damaged(error, called);
  }
}

async function unpack(entry: Entry, work: string): Promise<void> {
  const { name, type, linkname } = entry.header;
  const target = landing(work, name);
  await refuseLinkedParents(work, target);
  if (type === 'directory') await mkdir(target, { recursive: true });
  else if (type === 'file') {
    await mkdir(dirname(target), { recursive: true });
    // A cut archive ends its entry while we were looking; a pipeline from an ended entry would wait for ever.
    if (entry.destroying) throw new Error('unexpected end of archive');
    await pipeline(entry, createWriteStream(target, { mode: 0o644 }));
  } else if (type === 'symlink') await link(work, target, linkname ?? '');
  else if (!SILENT.includes(type ?? ''))
    throw new InvalidInput('archive-entry-refused', { entry: name, kind: type ?? '' });
}

async function link(work: string, target: string, to: string): Promise<void> {
  landing(work, relative(work, resolve(dirname(target), to)));
  if (to.startsWith('/')) throw new InvalidInput('archive-path-outside', { entry: to });
  await mkdir(dirname(target), { recursive: true });
  await symlink(to, target);
}

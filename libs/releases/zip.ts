import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { open, type Entry, type ZipFile } from 'yauzl';
import { InvalidInput } from '#libs/core/errors.js';
import { damaged, landing, meter, type Limits } from './landing.js';

const [KINDS, PLAIN, FOLDER, SYMLINK] = [0o170000, 0o100000, 0o040000, 0o120000];

/** Unpacks a zip, one entry at a time. `called` is its name in problems. */
export async function unzip(path: string, work: string, limits: Limits, called: string): Promise<void> {
  const count = meter(limits);
  const zip = await opened(path).catch((error) => Promise.reject(damaged(error, called)));
  const take = async (entry: Entry): Promise<void> => {
    count(entry.uncompressedSize);
    await unpack(zip, entry, work);
    zip.readEntry();
  };
  await new Promise<void>((done, refuse) => {
    zip.on('entry', (entry: Entry) => void take(entry).catch(refuse));
    zip.on('end', done);
    zip.on('error', refuse);
    zip.readEntry();
  })
    .catch((error) => Promise.reject(outside(error) ?? damaged(error, called)))
    .finally(() => zip.close());
}

/** yauzl itself refuses absolute names and `..`, in its own words. */
function outside(error: Error): InvalidInput | undefined {
  const [, entry] = /^(?:invalid relative path|absolute path): (.*)$/.exec(error.message) ?? [];
  return entry === undefined ? undefined : new InvalidInput('archive-path-outside', { entry }, error);
}

const opened = (path: string): Promise<ZipFile> =>
  new Promise((resolve, reject) =>
    open(path, { lazyEntries: true, autoClose: false }, (error, zip) => (error ? reject(error) : resolve(zip))),
  );

/** No links in a zip: releases have none, and a zip hides where they lead until they are unpacked. */
function refuseKind({ fileName, externalFileAttributes }: Entry): void {
  const kind = (externalFileAttributes >>> 16) & KINDS;
  if (![0, PLAIN, FOLDER].includes(kind))
    throw new InvalidInput('archive-entry-refused', { entry: fileName, kind: kind === SYMLINK ? 'link' : 'device' });
}

async function unpack(zip: ZipFile, entry: Entry, work: string): Promise<void> {
  const target = landing(work, entry.fileName);
  refuseKind(entry);
  if (entry.fileName.endsWith('/')) return void (await mkdir(target, { recursive: true }));
  await mkdir(dirname(target), { recursive: true });
  const source = await new Promise<Readable>((resolve, reject) =>
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream))),
  );
  await pipeline(source, createWriteStream(target, { mode: 0o644 }));
}

import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { open, type Entry, type ZipFile } from 'yauzl';
import { InvalidInput } from '#libs/core/errors.js';
import { landing, meter, type Limits } from './landing.js';

const SYMLINK = 0o120000;

/** Unpacks a zip, one entry at a time. yauzl itself refuses absolute names and `..`. */
export async function unzip(path: string, work: string, limits: Limits): Promise<void> {
  const count = meter(limits);
  const zip = await opened(path);
  await new Promise<void>((done, refuse) => {
    const next = (entry: Entry): void => {
      count(entry.uncompressedSize);
      unpack(zip, entry, work).then(() => zip.readEntry(), refuse);
    };
    zip.on('entry', (entry: Entry) => {
      try {
        next(entry);
      } catch (error) {
        refuse(error as Error);
      }
    });
    zip.on('end', done);
    zip.on('error', (error: Error) =>
      refuse(
        new InvalidInput(
          /relative path|absolute path/.test(error.message) ? 'archive-path-outside' : 'archive-damaged',
          { path, entry: error.message, reason: error.message },
          error,
        ),
      ),
    );
    zip.readEntry();
  }).finally(() => zip.close());
}

const opened = (path: string): Promise<ZipFile> =>
  new Promise((resolve, reject) =>
    open(path, { lazyEntries: true, autoClose: false }, (error, zip) =>
      error ? reject(new InvalidInput('archive-damaged', { path, reason: error.message }, error)) : resolve(zip),
    ),
  );

async function unpack(zip: ZipFile, entry: Entry, work: string): Promise<void> {
  const target = landing(work, entry.fileName);
  if (((entry.externalFileAttributes >>> 16) & 0o170000) === SYMLINK)
    throw new InvalidInput('archive-entry-refused', { entry: entry.fileName, kind: 'link' });
  if (entry.fileName.endsWith('/')) return void (await mkdir(target, { recursive: true }));
  await mkdir(dirname(target), { recursive: true });
  const source = await new Promise<Readable>((resolve, reject) =>
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream))),
  );
  await pipeline(source, createWriteStream(target, { mode: 0o644 }));
}

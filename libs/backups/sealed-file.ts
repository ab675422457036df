import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough, Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { NotProved } from '#libs/core/errors.js';
import type { KeyRing } from '#libs/core/seal.js';
import { sealing, opening } from './sealing.js';

/** A file as it lies on the disk. */
export interface Written {
  bytes: number;
  sha256: string;
}

function measuring(): Transform & { written(): Written } {
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(part: Buffer, _encoding, next) {
      hash.update(part);
      bytes += part.length;
      next(null, part);
    },
  });
  return Object.assign(measure, { written: () => ({ bytes, sha256: hash.digest('hex') }) });
}

/** Packs, seals and writes a new file, 0600, and waits until the disk has it. */
export async function writeSealed(path: string, ring: KeyRing, source: Readable): Promise<Written> {
  const measure = measuring();
  await pipeline(source, createGzip({ level: 1 }), sealing(ring), measure, createWriteStream(path, { mode: 0o600 }));
  const handle = await open(path);
  await handle.sync().finally(() => handle.close());
  return measure.written();
}

/** Throws `backup-damaged` unless the file is, byte for byte, what was written. */
export async function assertWritten(path: string, { bytes, sha256 }: Written): Promise<void> {
  const measure = measuring();
  measure.resume();
  await pipeline(createReadStream(path), measure).catch((error: unknown) => {
    throw new NotProved('backup-damaged', { file: path }, error);
  });
  const found = measure.written();
  if (found.bytes !== bytes || found.sha256 !== sha256) throw new NotProved('backup-damaged', { file: path });
}

/** Opens it for `use`; whichever of the two fails first is told, and a file that does not open to its end fails. */
export async function withSealed<T>(path: string, ring: KeyRing, use: (plain: Readable) => Promise<T>): Promise<T> {
  const plain = new PassThrough();
  const reading = pipeline(createReadStream(path), opening(ring, path), createGunzip(), plain);
  reading.catch((error: Error) => plain.destroy(error));
  const result = await use(plain);
  plain.resume();
  await reading;
  return result;
}

import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { AppError, Unavailable } from '#libs/core/errors.js';
import { tooLarge, type Limits } from './landing.js';

/** Writes a body to a file; what was cut or is too large leaves nothing behind. Throws `github-download-cut`, `archive-too-large`. */
export async function saveBody(
  body: NonNullable<Response['body']>,
  file: string,
  { limits, ...named }: { repository: string; tag: string; limits: Limits },
): Promise<void> {
  let bytes = 0;
  const counted = new Transform({
    transform(part: Buffer, _encoding, next) {
      bytes += part.length;
      next(bytes > limits.bytes ? tooLarge(limits) : null, part);
    },
  });
  try {
    await pipeline(Readable.fromWeb(body as ReadableStream), counted, createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    await rm(file, { force: true });
    throw problemOf(error, { ...named, mebibytes: Math.round((bytes / 2 ** 20) * 10) / 10 });
  }
}

/** Our own disk is no fault of GitHub: its errors carry a system call on a path. */
function problemOf(error: unknown, told: { repository: string; tag: string; mebibytes: number }): Error {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new Unavailable('disk-full', {}, error);
  return error instanceof AppError || path ? (error as Error) : new Unavailable('github-download-cut', told, error);
}

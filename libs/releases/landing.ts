import { lstat } from 'node:fs/promises';
import { dirname, normalize, resolve, sep } from 'node:path';
import { AppError, InvalidInput, Unavailable } from '#libs/core/errors.js';

export interface Limits {
  bytes: number;
  files: number;
}

/** Where an entry lands; throws when that is outside. */
export function landing(work: string, name: string): string {
  const target = resolve(work, normalize(name));
  if (name.startsWith('/') || name.includes('\0') || (target !== work && !target.startsWith(work + sep)))
    throw new InvalidInput('archive-path-outside', { entry: name });
  return target;
}

/** Counts what is unpacked; throws before the disk is full of it. */
export function meter(limits: Limits): (size: number) => void {
  let [seenBytes, seenFiles] = [0, 0];
  return (size) => {
    seenBytes += size;
    seenFiles += 1;
    if (seenBytes > limits.bytes || seenFiles > limits.files) throw tooLarge(limits);
  };
}

export const tooLarge = ({ bytes, files }: Limits): InvalidInput =>
  new InvalidInput('archive-too-large', { limitMiB: Math.floor(bytes / 2 ** 20), limitFiles: files });

/** Nothing is written through a link: a chain of harmless ones can lead outside. */
export async function refuseLinkedParents(work: string, target: string): Promise<void> {
  for (let folder = target; folder.length > work.length; folder = dirname(folder)) {
    const found = await lstat(folder).catch(() => undefined);
    if (found?.isSymbolicLink())
      throw new InvalidInput('archive-path-outside', { entry: target.slice(work.length + 1) });
  }
}

/** What went wrong while unpacking: a refusal stays as it is, a full disk is no fault of the archive. */
export function damaged(error: unknown, called: string): AppError {
  if (error instanceof AppError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new Unavailable('disk-full', {}, error);
  return new InvalidInput('archive-damaged', { path: called, reason: message }, error);
}

import { chmod, constants, copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '#libs/core/ids.js';
import { lookAt } from './archive.js';
import { tooLarge, type Limits } from './landing.js';

/** A folder for one call alone, beside the kept archives; nothing of it stays. */
export async function inRoom<T>(archives: string, act: (room: string) => Promise<T>): Promise<T> {
  const room = join(archives, `${newId()}.partial`);
  await mkdir(room, { recursive: true, mode: 0o700 });
  try {
    return await act(room);
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

/** No archive takes so long: what was not touched since then belongs to a process that was killed. */
const DEAD_MILLISECONDS = 24 * 3_600_000;

/** Rooms whose process was killed in them; those at work, of whichever process and machine, stay. */
export async function sweepRooms(archives: string): Promise<string[]> {
  const found = await readdir(archives).catch(() => []);
  const swept: string[] = [];
  for (const room of found.filter((name) => name.endsWith('.partial'))) {
    const touched = await stat(join(archives, room)).catch(() => undefined);
    if (!touched || Date.now() - touched.mtimeMs < DEAD_MILLISECONDS) continue;
    await rm(join(archives, room), { recursive: true, force: true });
    swept.push(room);
  }
  return swept;
}

/** A private copy of a file, so that nobody changes it between the check and the keeping. A folder is copied when opened. */
export async function copyIn(path: string, room: string, limits: Limits): Promise<string> {
  const { kind, bytes } = await lookAt(path);
  if (kind === 'folder') return path;
  if (bytes > limits.bytes) throw tooLarge(limits);
  const copy = join(room, `archive.${kind}`);
  await copyFile(path, copy, constants.COPYFILE_FICLONE);
  return copy;
}

/** Moves what was checked to where it stays, named by its content: half of it is never taken for it. */
export async function keep(checked: { file: string; work: string; sha256: string }, room: string): Promise<string> {
  const { kind } = await lookAt(checked.file);
  const kept = join(room, '..', kind === 'folder' ? checked.sha256 : `${checked.sha256}.${kind}`);
  if (kind === 'folder') await replaceFolder(checked.work, kept, join(room, 'before'));
  else {
    await chmod(checked.file, 0o600);
    await rename(checked.file, kept);
  }
  return kept;
}

/** A folder cannot be renamed over another: the old one steps aside, again when somebody else was quicker. */
async function replaceFolder(folder: string, to: string, aside: string, attempts = 5): Promise<void> {
  try {
    await rename(folder, to);
  } catch (error) {
    if (!isTaken(error) || attempts === 0) throw error;
    await rename(to, `${aside}-${attempts}`).catch(ignoreMissing);
    await replaceFolder(folder, to, aside, attempts - 1);
  }
}

const isTaken = (error: unknown): boolean =>
  ['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '');

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

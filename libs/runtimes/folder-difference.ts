import type { FolderEntry } from './carriage-port.js';

export interface Difference {
  /** To be carried, folders first. */
  carry: FolderEntry[];
  /** To be removed from the new folder: gone meanwhile, or of another kind. */
  clear: string[];
}

/** The owner on the new server: what was root's or the web server's stays so, everything else is the desa's. */
export const ownerOn =
  (uid: number) =>
  (id: number): number =>
    [ROOT, WEB].includes(id) ? id : uid;
const [ROOT, WEB] = [0, 33];

const parentOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

/** What has to happen so that the new folder is as the old one. Times of folders are not compared: whatever is put into one changes them. */
export function differenceOf(old: FolderEntry[], standing: FolderEntry[], uid: number): Difference {
  const stands = new Map(standing.map((entry) => [entry.path, entry]));
  const folders = new Set(['', ...old.filter(({ kind }) => kind === 'folder').map(({ path }) => path)]);
  const carried = old.filter(({ kind, path }) => kind !== 'other' && folders.has(parentOf(path)));
  const wanted = new Map(carried.map((entry) => [entry.path, entry]));
  return {
    carry: carried.filter((entry) => !isSame(entry, stands.get(entry.path), uid)),
    clear: standing.filter(({ path, kind }) => wanted.get(path)?.kind !== kind).map(({ path }) => path),
  };
}

function isSame(one: FolderEntry, other: FolderEntry | undefined, uid: number): boolean {
  const owner = ownerOn(uid);
  if (one.kind !== other?.kind || owner(one.uid) !== other.uid || owner(one.gid) !== other.gid) return false;
  if (one.kind === 'link') return one.to === other.to;
  if (one.mode !== other.mode) return false;
  return one.kind === 'folder' || (one.bytes === other.bytes && one.modified === other.modified);
}

/** What lies in one folder and not, or not as it is, in the other; links and sums included. [] when they are the same. */
export function unlike(
  [old, oldSums]: [FolderEntry[], ReadonlyMap<string, string>],
  [standing, newSums]: [FolderEntry[], ReadonlyMap<string, string>],
  uid: number,
): string[] {
  const { carry, clear } = differenceOf(old, standing, uid);
  const files = old.filter(({ kind }) => kind === 'file');
  const other = files.filter(({ path }) => !oldSums.has(path) || oldSums.get(path) !== newSums.get(path));
  return [...new Set([...carry.map(({ path }) => path), ...clear, ...other.map(({ path }) => path)])].sort();
}

/** Bytes of the files among these. */
export const bytesOf = (entries: FolderEntry[]): number =>
  entries.reduce((sum, { kind, bytes }) => sum + (kind === 'file' ? bytes : 0), 0);

/** A name as a person reads it; bytes that are no text show as `�`. */
export const readable = (path: string): string => Buffer.from(path, 'latin1').toString('utf8');

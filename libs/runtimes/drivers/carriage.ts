import { PassThrough, Readable } from 'node:stream';
import { asAppError, NotProved } from '#libs/core/errors.js';
import type { Carriage, FolderEntry, Side } from '../carriage-port.js';
import { ownerOn, readable } from '../folder-difference.js';
import { retouched } from '../tar-owners.js';
import { Box, ROOT, type Place } from './folder-box.js';
import { ensureFiles } from './volumes.js';

const FIELDS = ['%y', '%U', '%G', '%m', '%s', '%T@', '%P', '%l'];
const KINDS: Record<string, FolderEntry['kind']> = { f: 'file', d: 'folder', l: 'link' };
/** A desa that serves makes and removes files while it is read. */
const PASSING = /No such file or directory|file changed as we read it|File removed before we read it|file shrank by/;

/** Names and links as they are, no link followed, no name read as a pattern or an option. */
const PACK = [
  ...['tar', '--create', '--file=-', '--format=posix', '--pax-option=delete=atime,delete=ctime', '--numeric-owner'],
  ...['--hard-dereference', '--no-recursion', '--no-unquote', '--null', `--directory=${ROOT}`, '--files-from=-'],
];

/** Through containers without a network that run as the desa itself; what is written goes through the engine. */
export function carriageOn(places: Record<Side, Place>, runId: string): Carriage {
  const boxes: Record<Side, Box> = { old: new Box(places.old, runId, true), new: new Box(places.new, runId, false) };
  return {
    list: (side) => listOf(boxes[side]),
    unreadable: () => unreadableIn(boxes.old),
    sums: (side) => sumsOf(boxes[side]),
    async clear(paths) {
      if (paths.length === 0) return;
      const argv = ['xargs', '--null', 'rm', '-rf', '--one-file-system', '--'];
      await boxes.new.must(argv, named(paths.map((path) => `${boxes.new.folder}/${path}`)));
    },
    carry: (entries) => carry(boxes, entries),
    erase: (side) => boxes[side].erase(),
    close: async () => void (await Promise.all([boxes.old.remove(), boxes.new.remove()])),
  };
}

const named = (paths: string[]): Buffer => Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1');

async function isThere(box: Box): Promise<boolean> {
  if (!(await box.hasVolume())) return false;
  return (await box.run(['test', '-d', box.folder])).code === 0;
}

async function listOf(box: Box): Promise<FolderEntry[]> {
  if (!(await isThere(box))) return [];
  const format = FIELDS.map((field) => `${field}\\0`).join('');
  const { stdout, stderr } = await box.run(['find', box.folder, '-xdev', '-printf', format]);
  const trouble = stderr.split('\n').filter((line) => line && !PASSING.test(line));
  if (trouble.length > 0)
    throw new NotProved('folder-unreadable', { site: box.place.site.site, paths: trouble.slice(0, 10) });
  const texts = stdout.toString('latin1').split('\0');
  return Array.from({ length: Math.floor(texts.length / FIELDS.length) }, (_, at) =>
    entryOf(texts.slice(at * FIELDS.length, (at + 1) * FIELDS.length)),
  );
}

const entryOf = ([
  kind = '',
  uid,
  gid,
  mode = '',
  bytes,
  modified = '',
  path = '',
  to = '',
]: string[]): FolderEntry => ({
  kind: KINDS[kind] ?? 'other',
  ...{ uid: Number(uid), gid: Number(gid), mode: parseInt(mode, 8), bytes: Number(bytes), path, to },
  // The engine keeps nanoseconds, `find` tells one digit more.
  modified: modified.replace(/(\.\d{9})\d*$/, '$1'),
});

async function unreadableIn(box: Box): Promise<string[]> {
  const folders = ['-type', 'd', '(', '!', '-readable', '-o', '!', '-executable', ')'];
  const argv = ['find', box.folder, '-xdev', '(', '-type', 'f', '!', '-readable', '-o', ...folders, ')', '-print0'];
  const { stdout } = await box.run(argv);
  return stdout.toString('latin1').split('\0').filter(Boolean).map(readable);
}

async function sumsOf(box: Box): Promise<ReadonlyMap<string, string>> {
  const argv = ['find', box.folder, '-xdev', '-type', 'f', '-exec', 'sha256sum', '--zero', '--', '{}', '+'];
  const lines = (await box.must(argv)).toString('latin1').split('\0').filter(Boolean);
  return new Map(lines.map((line) => [line.slice(66 + box.folder.length + 1), line.slice(0, 64)]));
}

/** Packed as the desa there, written by the engine here. When one side fails the other must be able to end. */
async function carry({ old, new: next }: Record<Side, Box>, entries: FolderEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const { site, spec, docker } = next.place;
  const nameOf = (path: string): string => (path ? `${site.site}/${path}` : site.site);
  const wanted = new Map(entries.map(({ path, kind }) => [nameOf(path), kind]));
  // An error that nobody hears would end the whole worker.
  const tar = new PassThrough().on('error', () => undefined);
  const failures: unknown[] = [];
  const failed = (error: unknown): void => void failures.push(error);
  const packing = old.pipe(PACK, tar, named([...wanted.keys()])).catch((error: unknown) => {
    failed(error);
    tar.destroy(asAppError(error));
  });
  const change = retouched(tar, { ownerOf: ownerOn(site.uid), admits: (name, kind) => wanted.get(name) === kind });
  const body = Readable.from(untilItFails(change, failed));
  const writing = docker.putArchive(await ensureFiles(docker, spec), '/data', body).catch(async (error: unknown) => {
    failed(error);
    tar.destroy();
    body.destroy();
    await old.remove().catch(() => undefined);
  });
  const [packed] = await Promise.all([packing, writing]);
  if (failures.length > 0) throw failures[0];
  const trouble = (packed?.stderr ?? '').split('\n').filter((line) => /: /.test(line) && !isPassing(line));
  if (trouble.length > 0) throw new NotProved('folder-unreadable', { site: site.site, paths: trouble.slice(0, 10) });
}

const isPassing = (line: string): boolean => PASSING.test(line) || /Exiting with failure status/.test(line);

/** A body that breaks off would leave the engine waiting for the rest: it ends, and who sent it tells why. */
async function* untilItFails(parts: AsyncIterable<Buffer>, failed: (error: unknown) => void): AsyncGenerator<Buffer> {
  try {
    yield* parts;
  } catch (error) {
    failed(error);
  }
}

import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openArchive } from './archive.js';
import { copyIn, inRoom, keep, sweepRooms } from './keep.js';
import { hashFile } from './tree.js';

const LIMITS = { bytes: 1000, files: 20 };
let folder: string;
let archives: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siappakai-keep-'));
  archives = join(folder, 'archives');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What the catalog does, with something happening between the check and the keeping. */
const keepFolder = (source: string, meanwhile = async (): Promise<void> => undefined): Promise<string> =>
  inRoom(archives, async (room) => {
    const file = await copyIn(source, room, LIMITS);
    const work = join(room, 'work');
    const { sha256 } = await openArchive(file, work, LIMITS);
    await meanwhile();
    return keep({ file, work, sha256 }, room);
  });

async function aFolder(): Promise<string> {
  const source = join(folder, 'source');
  await mkdir(join(source, 'top/.git'), { recursive: true });
  await writeFile(join(source, 'top/.git/config'), 'token');
  await writeFile(join(source, 'top/index.php'), 'checked');
  return source;
}

describe('keeping', () => {
  it('a file stores the bytes that were hashed, whatever happens to the original meanwhile', async () => {
    const original = join(folder, 'a.zip');
    await writeFile(original, 'checked');
    const kept = await inRoom(archives, async (room) => {
      const file = await copyIn(original, room, LIMITS);
      const sha256 = await hashFile(file);
      await writeFile(original, 'changed');
      return keep({ file, work: '', sha256 }, room);
    });
    expect(await readFile(kept, 'utf8')).toBe('checked');
    expect(kept).toBe(join(archives, `${await hashFile(kept)}.zip`));
    expect((await stat(kept)).mode & 0o777).toBe(0o600);
  });

  it('a folder stores the tree that was hashed, without .git, and opens again with the same hash', async () => {
    const source = await aFolder();
    const kept = await keepFolder(source, () => writeFile(join(source, 'top/index.php'), 'changed'));
    const { tree, sha256 } = await openArchive(kept, join(folder, 'again'), LIMITS);
    expect(await readdir(tree)).toEqual(['index.php']);
    expect(await readFile(join(tree, 'index.php'), 'utf8')).toBe('checked');
    expect(kept).toBe(join(archives, sha256));
  });

  it('the same again mends what is kept and leaves nothing beside it', async () => {
    const source = await aFolder();
    const kept = await keepFolder(source);
    await writeFile(join(kept, 'top/index.php'), 'damaged');
    expect(await keepFolder(source)).toBe(kept);
    expect(await readFile(join(kept, 'top/index.php'), 'utf8')).toBe('checked');
    expect(await readdir(archives)).toHaveLength(1);
  });

  it('the same by several at once keeps one, whole', async () => {
    const source = await aFolder();
    const kept = await Promise.all([1, 2, 3, 4].map(() => keepFolder(source)));
    expect(new Set(kept).size).toBe(1);
    expect(await readFile(join(kept[0]!, 'top/index.php'), 'utf8')).toBe('checked');
    expect(await readdir(archives)).toHaveLength(1);
  });

  it('gives every call a room of its own, and clears it when the call fails', async () => {
    const rooms = new Set<string>();
    const call = inRoom(archives, (one) =>
      inRoom(archives, async (other) => {
        for (const room of [one, other]) rooms.add(room);
        await writeFile(join(other, 'half'), '');
        throw new Error('stop');
      }),
    );
    await expect(call).rejects.toThrow('stop');
    expect(rooms.size).toBe(2);
    expect(await readdir(archives)).toEqual([]);
  });

  it('refuses a file above the limit before it is copied', async () => {
    await writeFile(join(folder, 'a.tgz'), Buffer.alloc(1001));
    await inRoom(archives, async (room) => {
      await expect(copyIn(join(folder, 'a.tgz'), room, LIMITS)).rejects.toMatchObject({ code: 'archive-too-large' });
      expect(await readdir(room)).toEqual([]);
    });
  });

  it('rooms of a killed process are swept; one at work and what is kept stay, and nothing is fine too', async () => {
    expect(await sweepRooms(archives)).toEqual([]);
    const kept = await keepFolder(await aFolder());
    await mkdir(join(archives, 'killed.partial/part'), { recursive: true });
    await writeFile(join(archives, 'killed.partial/part/half'), 'half');
    await mkdir(join(archives, 'at-work.partial'));
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    await utimes(join(archives, 'killed.partial'), yesterday, yesterday);
    expect(await sweepRooms(archives)).toEqual(['killed.partial']);
    expect((await readdir(archives)).sort()).toEqual([basename(kept), 'at-work.partial'].sort());
  });
});

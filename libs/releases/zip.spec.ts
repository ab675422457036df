import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { openArchive } from './archive.js';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'siappakai-zip-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Wanted {
  name: string;
  content?: string;
  /** As unix writes it, e.g. 0o120777 for a link. */
  mode?: number;
  /** What the zip says of the size, when that is not true. */
  claims?: number;
  /** Bytes that are no deflate stream. */
  raw?: string;
}

const numbers = (...pairs: [size: 2 | 4, value: number][]): Buffer =>
  Buffer.concat(
    pairs.map(([size, value]) => {
      const part = Buffer.alloc(size);
      if (size === 2) part.writeUInt16LE(value);
      else part.writeUInt32LE(value);
      return part;
    }),
  );

/** A zip as its specification has it, written by hand: no honest writer makes the ones that are wanted here. */
function zipOf(entries: Wanted[]): Buffer {
  const [locals, central]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const { name, content = '', mode = 0o100644, claims, raw } of entries) {
    const packed = raw === undefined ? deflateRawSync(content) : Buffer.from(raw);
    const told: [2 | 4, number][] = [
      [2, 0x800],
      [2, 8],
      [4, 0],
      [4, 0],
      [4, packed.length],
      [4, claims ?? content.length],
      [2, Buffer.byteLength(name)],
      [2, 0],
    ];
    const local = Buffer.concat([numbers([4, 0x04034b50], [2, 20], ...told), Buffer.from(name), packed]);
    const rest = numbers([2, 0], [2, 0], [2, 0], [4, (mode << 16) >>> 0], [4, offset]);
    central.push(numbers([4, 0x02014b50], [2, 0x0314], [2, 20], ...told), rest, Buffer.from(name));
    locals.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(central);
  const count: [2, number] = [2, entries.length];
  const end = numbers([4, 0x06054b50], [2, 0], [2, 0], count, count, [4, listed.length], [4, offset], [2, 0]);
  return Buffer.concat([...locals, listed, end]);
}

async function opened(entries: Wanted[] | Buffer): ReturnType<typeof openArchive> {
  const path = join(folder, 'a.zip');
  await writeFile(path, Buffer.isBuffer(entries) ? entries : zipOf(entries));
  return openArchive(path, join(folder, 'work'), { bytes: 1000, files: 5 });
}

describe('a zip', () => {
  it('is unpacked without its single top folder', async () => {
    const { tree, sha256 } = await opened([
      { name: 'top/', mode: 0o040755 },
      { name: 'top/a/index.php', content: 'isi' },
    ]);
    expect(await readFile(join(tree, 'a/index.php'), 'utf8')).toBe('isi');
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(['../evil', 'a/../../evil', '/evil', '..\\evil'])('with an entry named %s is refused', async (name) => {
    await expect(opened([{ name: 'ok' }, { name, content: 'x' }])).rejects.toMatchObject({
      code: 'archive-path-outside',
      data: { entry: expect.stringContaining('evil') },
    });
    await expect(access(join(folder, 'evil'))).rejects.toThrow();
  });

  it.each([
    ['a link', 0o120777, 'link'],
    ['a device', 0o020666, 'device'],
  ])('with %s is refused', async (_name, mode, kind) => {
    await expect(opened([{ name: 'l', content: '/etc/passwd', mode }])).rejects.toMatchObject({
      code: 'archive-entry-refused',
      data: { entry: 'l', kind },
    });
  });

  it('that says of itself to be larger than the limit is refused, with nothing of that entry written', async () => {
    await expect(opened([{ name: 'a', content: 'x'.repeat(1001) }])).rejects.toMatchObject({
      code: 'archive-too-large',
    });
    await expect(access(join(folder, 'work/a'))).rejects.toThrow();
  });

  it('is refused when its entries together are too large, or too many', async () => {
    const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ name }));
    const large = ['a', 'b'].map((name) => ({ name, content: 'x'.repeat(501) }));
    await expect(opened(six)).rejects.toMatchObject({ code: 'archive-too-large', data: { limitFiles: 5 } });
    await expect(opened(large)).rejects.toMatchObject({ code: 'archive-too-large' });
  });

  it('that hides its true size is refused as damaged: a bomb ends at what it said', async () => {
    const bomb = { name: 'a', content: 'x'.repeat(1_000_000), claims: 10 };
    await expect(opened([bomb])).rejects.toMatchObject({ code: 'archive-damaged' });
    expect((await readFile(join(folder, 'work/a')).catch(() => Buffer.alloc(0))).length).toBeLessThan(1000);
  });

  it('that is damaged says so, with the name people know it by', async () => {
    const path = join(folder, 'a.zip');
    const damaged = { code: 'archive-damaged', data: { path } };
    await expect(opened([{ name: 'a', raw: 'no deflate', claims: 3 }])).rejects.toMatchObject(damaged);
    await expect(opened(Buffer.from('no zip'))).rejects.toMatchObject(damaged);
    await expect(opened(zipOf([{ name: 'a', content: 'isi' }]).subarray(0, -10))).rejects.toMatchObject(damaged);
  });
});

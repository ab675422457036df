import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { access, mkdtemp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { openArchive } from './archive.js';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'siappakai-archive-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

type Named = Partial<Header> & { name: string };
const LIMITS = { bytes: 1000, files: 20 };

async function archiveOf(entries: (Named & { content?: string })[]): Promise<string> {
  const tar = pack();
  for (const { content, ...header } of entries) tar.entry(header, content ?? '');
  tar.finalize();
  const parts: Buffer[] = [];
  for await (const part of tar) parts.push(part as Buffer);
  const path = join(folder, 'a.tar.gz');
  await writeFile(path, gzipSync(Buffer.concat(parts)));
  return path;
}
const opened = (path: string): ReturnType<typeof openArchive> => openArchive(path, join(folder, 'work'), LIMITS);

describe('an archive', () => {
  it('is unpacked without its single top folder, and known by its content', async () => {
    const path = await archiveOf([{ name: 'top/index.php', content: 'x' }]);
    const { tree, sha256 } = await opened(path);
    expect(await readFile(join(tree, 'index.php'), 'utf8')).toBe('x');
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect((await opened(path)).sha256).toBe(sha256);
  });
  it.each([
    ['a path above', [{ name: '../evil', content: 'x' }]],
    ['an absolute path', [{ name: '/etc/evil', content: 'x' }]],
    ['a link that leaves', [{ name: 'top/l', type: 'symlink', linkname: '../../evil' }]],
    ['an absolute link', [{ name: 'top/l', type: 'symlink', linkname: '/etc/passwd' }]],
    [
      'a chain of links that leaves',
      [
        { name: 'a/b/c', type: 'symlink', linkname: '../..' },
        { name: 'a/b/c/z', type: 'symlink', linkname: '../../..' },
        { name: 'a/b/c/z/evil', content: 'x' },
      ],
    ],
    [
      'a file over a link that leaves',
      [
        { name: 'a/b', type: 'directory' },
        { name: 'a/b/c', type: 'symlink', linkname: '../..' },
        { name: 'x', type: 'symlink', linkname: 'a/b/c/../../evil' },
        { name: 'x', content: 'x' },
      ],
    ],
  ] as [string, (Named & { content?: string })[]][])('with %s is refused', async (_name, entries) => {
    await expect(opened(await archiveOf(entries))).rejects.toMatchObject({ code: 'archive-path-outside' });
    await expect(access(join(folder, 'evil'))).rejects.toThrow();
  });
  it.each(['character-device', 'block-device', 'fifo', 'link'] as const)('with a %s is refused', async (type) =>
    expect(opened(await archiveOf([{ name: 'd', type, linkname: 'x' }]))).rejects.toMatchObject({
      code: 'archive-entry-refused',
      data: { entry: 'd', kind: type },
    }),
  );
  it('larger than the limit is refused', async () =>
    expect(opened(await archiveOf([{ name: 'a', content: 'x'.repeat(1001) }]))).rejects.toMatchObject({
      code: 'archive-too-large',
    }));
  it('of too many files is refused', async () => {
    const many = Array.from({ length: 21 }, (_, n) => ({ name: `f${n}` }));
    await expect(opened(await archiveOf(many))).rejects.toMatchObject({ code: 'archive-too-large' });
  });
  it('that was cut, wherever, says so under the name people know it by', async () => {
    const random = (name: string): { name: string; content: string } => ({
      name,
      content: randomBytes(150).toString('hex'),
    });
    const path = await archiveOf([random('a'), { name: 'b/', type: 'directory' }, random('b/c')]);
    const whole = await readFile(path);
    for (let length = 0; length < whole.length; length += 11) {
      await writeFile(path, whole.subarray(0, length));
      const problem = { code: 'archive-damaged', data: { path: 'github:x@v1' } };
      await expect(openArchive(path, join(folder, 'work'), LIMITS, 'github:x@v1')).rejects.toMatchObject(problem);
    }
  });
  it('that is no file at all is not read', async () => {
    const server = createServer().listen(join(folder, 's.zip'));
    await once(server, 'listening');
    await expect(opened(join(folder, 's.zip'))).rejects.toMatchObject({ code: 'archive-kind-unknown' });
    server.close();
  });
  it('that is damaged, of another kind, or not there says so', async () => {
    await writeFile(join(folder, 'b.tar.gz'), 'no gzip');
    await writeFile(join(folder, 'c.rar'), '');
    await expect(opened(join(folder, 'b.tar.gz'))).rejects.toMatchObject({ code: 'archive-damaged' });
    await expect(opened(join(folder, 'c.rar'))).rejects.toMatchObject({ code: 'archive-kind-unknown' });
    await expect(opened(join(folder, 'none.zip'))).rejects.toMatchObject({ code: 'archive-missing' });
  });
});

describe('a folder', () => {
  it('with a link that leaves, with something that is no file, or too large is refused', async () => {
    const source = join(folder, 'source');
    await mkdir(source);
    await writeFile(join(source, 'a'), 'x'.repeat(1001));
    await expect(opened(source)).rejects.toMatchObject({ code: 'archive-too-large' });
    await writeFile(join(source, 'a'), '');
    const server = createServer().listen(join(source, 's'));
    await once(server, 'listening');
    await expect(opened(source)).rejects.toMatchObject({ code: 'archive-entry-refused' });
    server.close();
    await rm(join(source, 's'), { force: true });
    await symlink('../x', join(source, 'l'));
    await expect(opened(source)).rejects.toMatchObject({ code: 'archive-path-outside' });
  });
  it('is known by its content, links included', async () => {
    const source = join(folder, 'source');
    await mkdir(source);
    await writeFile(join(source, 'a'), '1');
    await symlink('a', join(source, 'l'));
    const { sha256 } = await opened(source);
    await rm(join(source, 'l'));
    await symlink('b', join(source, 'l'));
    expect((await opened(source)).sha256).not.toBe(sha256);
  });
});

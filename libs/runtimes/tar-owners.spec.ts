import { Readable } from 'node:stream';
import { extract, pack, type Header } from 'tar-stream';
import { ownerOn } from './folder-difference.js';
import { retouched } from './tar-owners.js';

type Seen = Pick<Header, 'name' | 'type' | 'uid' | 'gid' | 'mode' | 'linkname'> & { content: string };

async function tarOf(entries: (Partial<Header> & { name: string; content?: string })[]): Promise<Buffer> {
  const tar = pack();
  for (const { content = '', ...header } of entries) tar.entry({ uid: 20001, gid: 20001, ...header }, content);
  tar.finalize();
  const parts: Buffer[] = [];
  for await (const part of tar) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const inPieces = (tar: Buffer, bytes: number): Readable =>
  Readable.from(
    Array.from({ length: Math.ceil(tar.length / bytes) }, (_, at) => tar.subarray(at * bytes, (at + 1) * bytes)),
  );

async function through(tar: Readable, admits: (name: string, kind: string) => boolean = () => true): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of retouched(tar, { ownerOf: ownerOn(20007), admits })) parts.push(part);
  return Buffer.concat(parts);
}

async function seen(tar: Buffer): Promise<Seen[]> {
  const reader = extract();
  Readable.from([tar]).pipe(reader);
  const all: Seen[] = [];
  for await (const entry of reader) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    const { name, type, uid, gid, mode, linkname } = entry.header;
    all.push({ name, type, uid, gid, mode, linkname, content: Buffer.concat(parts).toString() });
  }
  return all;
}

describe('a tar on its way to another server', () => {
  it('carries files, folders and links with the owners of the new place, in pieces of any size', async () => {
    const long = `d1/${'panjang-'.repeat(30)}.txt`;
    const tar = await tarOf([
      { name: 'd1', type: 'directory', mode: 0o710, gid: 33 },
      { name: 'd1/isi', content: 'x'.repeat(1500), mode: 0o640 },
      { name: 'd1/milik-root', content: 'r', uid: 0, mode: 0o440 },
      { name: 'd1/pintas', type: 'symlink', linkname: '/etc/passwd' },
      { name: long, content: 'panjang' },
    ]);
    for (const bytes of [7, 512, 5000])
      expect(await seen(await through(inPieces(tar, bytes)))).toEqual([
        expect.objectContaining({ name: 'd1', type: 'directory', uid: 20007, gid: 33, mode: 0o710 }),
        expect.objectContaining({ name: 'd1/isi', uid: 20007, gid: 20007, mode: 0o640, content: 'x'.repeat(1500) }),
        expect.objectContaining({ name: 'd1/milik-root', uid: 0, gid: 20007, content: 'r' }),
        expect.objectContaining({ name: 'd1/pintas', type: 'symlink', linkname: '/etc/passwd', uid: 20007 }),
        expect.objectContaining({ name: long, content: 'panjang', uid: 20007 }),
      ]);
  });

  it('leaves out what was not asked for, with its content: a folder that became a link meanwhile too', async () => {
    const tar = await tarOf([
      { name: 'd1/isi', content: 'satu' },
      { name: 'd1/folder', type: 'symlink', linkname: '/data/d2' },
      { name: 'd1/pipa', type: 'fifo' },
      { name: 'd1/akhir', content: 'dua' },
    ]);
    const wanted = new Map([
      ['d1/isi', 'file'],
      ['d1/folder', 'folder'],
      ['d1/akhir', 'file'],
    ]);
    const arrived = await seen(await through(inPieces(tar, 512), (name, kind) => wanted.get(name) === kind));
    expect(arrived.map(({ name, content }) => [name, content])).toEqual([
      ['d1/isi', 'satu'],
      ['d1/akhir', 'dua'],
    ]);
  });

  it('keeps the bytes of a name that is no text', async () => {
    const tar = await tarOf([{ name: 'd1/aXb', content: 'x' }]);
    tar[tar.indexOf('aXb') + 1] = 0xe9;
    const names: string[] = [];
    const arrived = await through(inPieces(tar, 512), (name) => names.push(name) > 0);
    expect(names).toEqual(['d1/a\u00e9b']);
    expect(arrived.includes(Buffer.from([0x61, 0xe9, 0x62]))).toBe(true);
  });

  it('that ends too early is told, not taken for whole', async () => {
    const tar = await tarOf([{ name: 'd1/isi', content: 'x'.repeat(2000) }]);
    for (const end of [100, 700, 2560])
      await expect(through(inPieces(tar.subarray(0, end), 512))).rejects.toMatchObject({ code: 'copy-cut' });
  });
});

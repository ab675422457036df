import type { FolderEntry } from './carriage-port.js';
import { bytesOf, differenceOf, readable, unlike } from './folder-difference.js';

const entry = (path: string, more: Partial<FolderEntry> = {}): FolderEntry => ({
  ...{ path, kind: 'file', uid: 20001, gid: 20001, mode: 0o644, bytes: 3, modified: '100.000000001', to: '' },
  ...more,
});
const there = (one: FolderEntry): FolderEntry => ({ ...one, uid: one.uid && 20007, gid: one.gid === 33 ? 33 : 20007 });
const root = entry('', { kind: 'folder', gid: 33, mode: 0o710 });
const paths = (entries: FolderEntry[]): string[] => entries.map(({ path }) => path);

describe('the difference between two folders of a desa', () => {
  const old = [
    root,
    entry('desa', { kind: 'folder' }),
    entry('desa/a'),
    entry('desa/milik-root', { uid: 0, mode: 0o440 }),
    entry('desa/pintas', { kind: 'link', to: 'a' }),
  ];

  it('is nothing when all is there, under the uid of the new place', () => {
    expect(differenceOf(old, old.map(there), 20007)).toEqual({ carry: [], clear: [] });
  });

  it.each<[string, Partial<FolderEntry>]>([
    ['bytes', { bytes: 4 }],
    ['time, to the nanosecond', { modified: '100.000000002' }],
    ['mode', { mode: 0o600 }],
    ['owner', { uid: 0 }],
  ])('is a file of other %s', (_what, change) => {
    const changed = old.map((one) => (one.path === 'desa/a' ? { ...one, ...change } : one));
    expect(paths(differenceOf(changed, old.map(there), 20007).carry)).toEqual(['desa/a']);
  });

  it('is a link that points elsewhere, and a folder of another mode; not the time of a folder', () => {
    const changed = old.map((one) => ({
      ...one,
      ...(one.kind === 'link' ? { to: '/etc' } : {}),
      ...(one.path === 'desa' ? { mode: 0o700 } : {}),
      ...(one.kind === 'folder' ? { modified: '7' } : {}),
    }));
    expect(paths(differenceOf(changed, old.map(there), 20007).carry)).toEqual(['desa', 'desa/pintas']);
  });

  it('is cleared where something is gone or became of another kind', () => {
    const standing = [...old.map(there), entry('desa/lama'), entry('desa/b', { kind: 'folder' })];
    const now = [...old, entry('desa/b')];
    expect(differenceOf(now, standing, 20007)).toMatchObject({
      carry: [{ path: 'desa/b', kind: 'file' }],
      clear: ['desa/lama', 'desa/b'],
    });
  });

  it('leaves pipes behind, and what seems to lie below a link', () => {
    const odd = [root, entry('pipa', { kind: 'other' }), entry('x', { kind: 'link', to: '/data/d2' }), entry('x/isi')];
    expect(paths(differenceOf(odd, [], 20007).carry)).toEqual(['', 'x']);
  });

  it('shows in sums even when size and time are the same', () => {
    const sums = new Map([
      ['desa/a', '1'],
      ['desa/milik-root', '2'],
    ]);
    const same = [old.map(there), new Map(sums)] as [FolderEntry[], Map<string, string>];
    expect(unlike([old, sums], same, 20007)).toEqual([]);
    same[1].set('desa/a', 'other');
    expect(unlike([old, sums], same, 20007)).toEqual(['desa/a']);
    same[1].delete('desa/a');
    expect(unlike([old, sums], same, 20007)).toEqual(['desa/a']);
  });

  it('is counted in bytes of files, and named for people', () => {
    expect(bytesOf(old)).toBe(6);
    expect(readable('r\u00c3\u00a9sum\u00c3\u00a9')).toBe('résumé');
  });
});

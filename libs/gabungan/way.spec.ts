import { Secret } from '#libs/core/secret.js';
import { digestOf, doorFiles, wayInFiles, type Papers } from './way.js';

const papers: Papers = { authority: 'AUTHORITY\n', certificate: 'CERTIFICATE\n', key: new Secret('KEY\n') };
const wayIn = (allowed: string[]) => wayInFiles({ gabungan: 'satu', port: 7306, papers, allowed });
const door = doorFiles({ gabungan: 'satu', to: { host: '10.1.2.3', port: 7307 }, papers });

describe('what both ends of a way go by', () => {
  it('leads from the name of the database on one server to the database on the other', () => {
    expect(door['way.cfg']).toContain('bind sp-db-satu:3306');
    expect(door['way.cfg']).toContain('server way 10.1.2.3:7307 ssl');
    expect(wayIn([])['way.cfg']).toContain('server database sp-db-satu:3306');
  });

  it('asks at both ends for a certificate of the same authority, and at one for a way that is open', () => {
    expect(door['way.cfg']).toMatch(/verify required verifyhost sp-way-satu/);
    expect(wayIn([])['way.cfg']).toMatch(/ca-file \/way\/authority.pem verify required ssl-min-ver TLSv1.3/);
    expect(wayIn(['b', 'a']).allowed).toBe('a\nb\n');
  });

  it('has its key in one file alone', () => {
    const holding = (files: object): string[] =>
      Object.entries(files).flatMap(([name, text]) => (String(text).includes('KEY') ? [name] : []));
    expect([holding(door), holding(wayIn(['a']))]).toEqual([['own.pem'], ['own.pem']]);
  });

  it('is told apart by anything that changes, and not by an order', () => {
    expect(digestOf(wayIn(['a', 'b']))).toBe(digestOf(wayIn(['b', 'a'])));
    expect(digestOf(wayIn(['a']))).not.toBe(digestOf(wayIn(['a', 'b'])));
  });
});

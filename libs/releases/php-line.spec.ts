import { readApps } from '#libs/templates/read-app.js';
import type { ComposerPackage } from './composer-files.js';
import { choosePhp, demandsOf, linesFor, refusals } from './php-line.js';

const opensid = readApps('templates').get('opensid')!;
const app = { ...opensid, php: [{ from: 'v2410', version: '8.2' as const, or: ['8.4' as const] }] };
const demands = (...wanted: [name: string, php: string][]): ComposerPackage[] =>
  wanted.map(([name, php]) => ({ name, version: '1.0.0', require: { php } }));

describe('the line of PHP', () => {
  it('is the preferred one of app.yaml while every package runs on it', () =>
    expect(choosePhp(linesFor(app, 'v2512.0.0'), demands(['a/a', '^8.1'], ['b/b', '>=7.2']))).toBe('8.2'));

  it('is a later one where a locked package demands more than composer.json says', () =>
    expect(choosePhp(linesFor(app, 'v2603.0.0'), demands(['a/a', '^8.1'], ['contoh/zip', '>=8.3']))).toBe('8.4'));

  it('that nobody can give is refused with every package that refuses it', () =>
    expect(() => choosePhp(['8.2'], demands(['a/a', '^8.1'], ['b/b', '~8.4.0'], ['c/c', '7.*']))).toThrow(
      expect.objectContaining({
        code: 'composer-php-mismatch',
        data: { php: '8.2', packages: ['b/b 1.0.0 (php ~8.4.0)', 'c/c 1.0.0 (php 7.*)'] },
      }),
    ));

  it('is refused by a package that asks for it as one of 64 bits', () =>
    expect(refusals([{ name: 'contoh/zip', version: '3.2.1', require: { 'php-64bit': '^8.3' } }], '8.2')).toEqual([
      'contoh/zip 3.2.1 (php-64bit ^8.3)',
    ]));

  it('is unknown for a release no range names', () =>
    expect(() => linesFor(app, 'v2409.0.0')).toThrow(expect.objectContaining({ code: 'release-php-unknown' })));

  it('is asked of what lies in vendor, where there is one, not of the lock; and of the application itself', () => {
    const [installed, lock] = [demands(['a/a', '>=8.3']), demands(['a/a', '>=7'])];
    const tree = { root: { require: { php: '^8.4' } }, lock, installed };
    expect(refusals(demandsOf(tree), '8.2')).toEqual(['composer.json (php ^8.4)', 'a/a 1.0.0 (php >=8.3)']);
  });
});

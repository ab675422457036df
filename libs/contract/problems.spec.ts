import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBLEMS, problemText } from './problems.js';

const CLASSES = 'AppError|InvalidInput|NotFound|Conflict|NotSignedIn|Forbidden|TooMany|Unavailable|NotProved|LeaseLost';
const THROWN = new RegExp(
  `new (?:${CLASSES})\\(\\s*(?:[^'()]*\\?\\s*)?'([a-z0-9-]+)'(?:\\s*:\\s*'([a-z0-9-]+)')?`,
  'g',
);

const sources = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('node_modules'))
    .map((file) => join(folder, file));

function thrownCodes(): string[] {
  const texts = ['libs', 'apps'].flatMap(sources).map((file) => readFileSync(file, 'utf8'));
  const found = texts.flatMap((text) => [...text.matchAll(THROWN)].flatMap(([, one, other]) => [one, other]));
  return [...new Set(found.filter((code) => code !== undefined))].sort();
}

describe('problem texts', () => {
  it('has words in both languages for every code that is thrown anywhere', () => {
    expect(thrownCodes().filter((code) => !PROBLEMS[code])).toEqual([]);
  });

  it('says as much in English as in Indonesian', () => {
    const names = (words: readonly string[]): string[] =>
      [...words.join(' ').matchAll(/\{(\w+)\}/g)].map((m) => m[1]!).sort();
    for (const entry of Object.values(PROBLEMS)) expect(new Set(names(entry.en))).toEqual(new Set(names(entry.id)));
  });

  it('fills in what happened, and tells a missing value by a dash', () => {
    expect(problemText('domain-taken', { domain: 'a.desa.id' }, 'id').detail).toBe(
      'a.desa.id sudah dipakai oleh desa lain.',
    );
    expect(problemText('domain-taken', {}, 'en').detail).toBe('– is in use by another desa.');
    expect(problemText('invariants-broken', { name: 'satu', broken: ['a', 'b'] }, 'en').detail).toContain('a, b');
  });

  it('tells an unknown code as unexpected, with the code', () => {
    expect(problemText('never-heard-of', {}, 'en')).toMatchObject({
      status: 500,
      detail: expect.stringContaining('never-heard-of'),
    });
  });
});

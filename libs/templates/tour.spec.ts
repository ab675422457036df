import { readFileSync } from 'node:fs';
import { InvalidInput } from '#libs/core/errors.js';
import { parseManifest } from './read-app.js';

const text = readFileSync('templates/opensid/app.yaml', 'utf8');
const problemsOf = (changed: string): string => {
  try {
    parseManifest(changed, 'app.yaml');
  } catch (error) {
    return (error as InvalidInput).message;
  }
  return 'no complaint';
};

describe('the tour of a manifest', () => {
  it.each([
    [
      'a pattern that is none',
      text.replace('- A Database Error Occurred', "- '(unclosed'"),
      'is not a regular expression',
    ],
    [
      'a menu that names no desa',
      text.replace('config_id = :configId AND aktif = 1', 'aktif = 1'),
      'must name :configId',
    ],
    ['a page that is no path', text.replace('pages: [/, ', 'pages: [siteman, '), 'a path begins with /'],
    ['a word it does not know', text.replace('  refusal:', '  refused:'), 'refused'],
  ])('%s is told with its line', (_what, changed, words) => {
    expect(changed).not.toBe(text);
    const told = problemsOf(changed);
    expect(told).toContain(words);
    expect(told).toMatch(/app\.yaml:\d+:\d+/);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBLEMS } from '#libs/contract/problems.js';

const DECIDING = ['endings', 'phases', 'waves', 'window-end', 'decide', 'plan', 'plan-hash', 'policy'];
const text = DECIDING.map((name) => readFileSync(join('libs/rollouts', `${name}.ts`), 'utf8')).join('\n');
const words = (pattern: RegExp): string[] => [...new Set([...text.matchAll(pattern)].map(([, word]) => word!))];

it('every reason that a decision, a plan or the clock gives has words in both languages', () => {
  const acts = words(/do: '([a-z-]+)'/g);
  const reasons = words(/'([a-z]+(?:-[a-z]+)+)'/g).filter((word) => !acts.includes(word));
  expect(reasons).toEqual(
    expect.arrayContaining(['window-closes', 'desa-busy', 'release-not-built', 'too-young', 'desa-gone']),
  );
  expect(reasons.filter((code) => !(code in PROBLEMS))).toEqual([]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { PROBLEMS } from './problems.js';

interface Thrown {
  code: string;
  where: string;
  /** undefined: the data is computed, and somebody has to look. */
  keys: string[] | undefined;
}

const sources = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('node_modules'))
    .map((file) => join(folder, file));

/** `'a'`, both of `x ? 'a' : 'b'`, and the last of `x ?? 'b'`; whatever is made with such a word is a problem. */
function codesOf(node: ts.Expression | undefined): string[] {
  if (node && ts.isStringLiteralLike(node)) return PROBLEMS[node.text] ? [node.text] : [];
  if (node && ts.isBinaryExpression(node)) return codesOf(node.right);
  if (node && ts.isConditionalExpression(node)) return [...codesOf(node.whenTrue), ...codesOf(node.whenFalse)];
  return [];
}

function keysOf(node: ts.Expression | undefined): string[] | undefined {
  if (!node) return [];
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const keys = node.properties.map((property) => property.name?.getText());
  return keys.includes(undefined) ? undefined : (keys as string[]);
}

function thrownIn(file: string): Thrown[] {
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: Thrown[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node)) {
      const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      for (const code of codesOf(node.arguments?.[0]))
        found.push({ code, where: `${file}:${line}`, keys: keysOf(node.arguments?.[1]) });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

const thrown = ['libs', 'apps'].flatMap(sources).flatMap(thrownIn);
const placeholders = (code: string): string[] => [
  ...new Set([...PROBLEMS[code]!.id.join(' ').matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)),
];

/** Thrown with data that is computed; read, and found to carry what the words name. */
const READ = [
  'apps/api/awaited-run.ts check-failed',
  'libs/releases/download.ts github-download-cut',
  'libs/releases/github.ts github-download-failed',
  'libs/releases/github.ts github-refused',
  'libs/runs/runs.service.ts run-broken',
  'libs/runs/runs.service.ts run-open',
];

describe('the words of problems', () => {
  it('name nothing that is not given where the problem is thrown', () => {
    const missing = thrown.flatMap(({ code, where, keys }) =>
      keys
        ? placeholders(code)
            .filter((name) => !keys.includes(name))
            .map((name) => `${where} ${code} {${name}}`)
        : [],
    );
    expect(missing).toEqual([]);
  });

  it('are read by a person where the data is computed', () => {
    const computed = thrown.filter(({ keys }) => !keys).map(({ code, where }) => `${where.split(':')[0]} ${code}`);
    expect([...new Set(computed)].sort()).toEqual(READ);
  });

  it('are looked for in all of the product', () => {
    expect(thrown.length).toBeGreaterThan(100);
  });
});

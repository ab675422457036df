import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { words as en } from './en.js';
import { words as id } from './id.js';

const root = join(process.cwd(), 'apps/console');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (name) => /\.tsx?$/.test(name) && !name.includes('.spec.') && !name.startsWith('app/words/'),
);
const source = files.map((name) => readFileSync(join(root, name), 'utf8')).join('\n');
const keys = Object.keys(id);

const literals = new Set([...source.matchAll(/'([a-z][\w.-]*)'/gi)].map(([, text]) => text));
/** `step.state.${x}` and wordFor('step', x) use every key of that shape. */
const shapes = [
  ...[...source.matchAll(/t\(\s*`([^`]+)`/g)].map(([, text = '']) => text.split(/\$\{[^}]+\}/)),
  ...[...source.matchAll(/wordFor\('(\w+)'/g)].map(([, prefix]) => [`${prefix}.`, '']),
].map((parts) => new RegExp(`^${parts.map((part) => part.replaceAll('.', '\\.')).join('.+')}$`));

describe('words of the console', () => {
  it('has every word in Indonesian and in English', () => {
    expect(Object.keys(en).sort()).toEqual([...keys].sort());
    expect(Object.entries({ ...id, ...en }).filter(([, text]) => !text.trim())).toEqual([]);
  });
  it('keeps the same blanks to fill in both languages', () => {
    const blanks = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
    const unlike = keys.filter(
      (key) => blanks(id[key as keyof typeof id]).join() !== blanks(en[key as keyof typeof en]).join(),
    );
    expect(unlike).toEqual([]);
  });
  it('has no word that nobody uses', () => {
    expect(keys.filter((key) => !literals.has(key) && !shapes.some((shape) => shape.test(key)))).toEqual([]);
  });
  it('has a word for every step of every recipe', () => {
    const steps = join(process.cwd(), 'libs/provisioning/steps');
    const texts = readdirSync(steps).map((name) => readFileSync(join(steps, name), 'utf8'));
    const names = texts.flatMap((text) => [
      ...[...text.matchAll(/^ {2}name: '([a-z-]+)'/gm)].map(([, name = '']) => name),
      ...[...text.matchAll(/^ {2}'(tour-[a-z]+)',$/gm)].map(([, name = '']) => name),
      ...[...text.matchAll(/^const NAME = '([a-z-]+)'/gm)].map(([, name = '']) => name),
    ]);
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => !keys.includes(`step.${name}`))).toEqual([]);
  });
  it('has no asked word that is missing', () => {
    const asked = [...source.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key = '']) => key);
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter((key) => !keys.includes(key))).toEqual([]);
  });
});

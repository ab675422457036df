import fc from 'fast-check';
import { Secret } from '#libs/core/secret.js';
import { quoteEnv, quoteJson, quotePhp, render } from './render.js';

const NAGARI = `Nagari D'Koto "Baru" \\ $HOME \n {{x}}`;

/** What each language makes of its literal, after its own rules. */
const readPhp = (literal: string): string => literal.slice(1, -1).replace(/\\([\\'])/g, '$1');
const readEnv = (literal: string): string =>
  literal.slice(1, -1).replace(/\\([\\"$nr])/g, (_, char: string) => ({ n: '\n', r: '\r' })[char] ?? char);

describe('rendering', () => {
  it('keeps every name through PHP, env and JSON', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constant(NAGARI)), (text) => {
        expect(readPhp(quotePhp(text))).toBe(text);
        expect(readEnv(quoteEnv(text))).toBe(text);
        expect(JSON.parse(quoteJson(text))).toBe(text);
      }),
    );
  });
  it('never lets a value end its own literal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) =>
        expect(quotePhp(text).slice(1, -1)).not.toMatch(/(?<!\\)(\\\\)*'/),
      ),
    );
  });
  it('refuses an unknown name', () => expect(() => render('{{nme}}', { name: 'x' })).toThrow('template-unknown-name'));
  it('reveals secrets and escapes nothing by itself', () =>
    expect(
      render('{{php key}} {{name}} {{database.user}}', {
        key: new Secret("a'b"),
        name: '<b>',
        database: { user: 'u' },
      }),
    ).toBe("'a\\'b' <b> u"));
});

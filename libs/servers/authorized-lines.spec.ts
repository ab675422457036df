import fc from 'fast-check';
import { withLine, withoutLine } from './authorized-lines.js';

const OURS = 'ssh-ed25519 AAAA siappakai-b';

describe('a file of keys', () => {
  it('gets our line once, on a line of its own', () => {
    expect(withLine('', OURS)).toBe(`${OURS}\n`);
    expect(withLine('ssh-rsa BBBB orang', OURS)).toBe(`ssh-rsa BBBB orang\n${OURS}\n`);
    expect(withLine(withLine('', OURS), OURS)).toBe(`${OURS}\n`);
  });

  it('keeps every line of others, whatever is put there and taken away', () => {
    const line = fc.string({ maxLength: 12 }).filter((one) => !one.includes('\n') && one !== OURS);
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const before = lines.map((one) => `${one}\n`).join('');
        expect(withoutLine(withLine(before, OURS), OURS)).toBe(before);
      }),
    );
  });
});

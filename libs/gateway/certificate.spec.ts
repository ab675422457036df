import { readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { Secret } from '#libs/core/secret.js';
import { checkCertificate } from './certificate.js';

const file = (name: string): string =>
  readFileSync(new URL(`../../test/fixtures/certificates/${name}`, import.meta.url), 'utf8');
const key = (name: string): Secret => new Secret(file(`${name}.key`));
const fault = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const subjects = (pem: string): string[] =>
  (pem.match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----/g) ?? []).map((one) => new X509Certificate(one).subject);

describe('a certificate that is given', () => {
  it('is put in order: its own first, then who signed it, no root', () => {
    const text = ['root.pem', 'intermediate.pem', 'desa1.pem', 'wildcard.pem'].map(file).join('some words\n');
    const checked = checkCertificate(text, key('wildcard'));
    expect(subjects(checked.chain)).toEqual(['CN=wildcard', 'O=Contoh\nCN=Antara Contoh']);
    expect(checked).toMatchObject({ names: ['*.kab.test', 'kab.test'], issuer: 'Antara Contoh' });
    expect(checked.fingerprint).toBe(new X509Certificate(file('wildcard.pem')).fingerprint256);
    expect(checked.notAfter.getFullYear()).toBeGreaterThan(2100);
  });

  it('may be in one file with its key', () => {
    const both = file('desa1.key') + file('desa1.pem');
    expect(checkCertificate(both, new Secret(both)).names).toEqual(['desa1.test']);
  });

  it.each([
    ['certificate-key-wrong', 'wildcard.pem', 'desa1'],
    ['certificate-key-wrong', 'intermediate.pem', 'desa1'],
    ['certificate-key-unreadable', 'desa1.pem', 'locked'],
    ['certificate-ended', 'ended.pem', 'ended'],
    ['certificate-not-yet', 'later.pem', 'later'],
    ['certificate-nameless', 'nameless.pem', 'nameless'],
    ['certificate-unreadable', 'desa1.key', 'desa1'],
  ])('is refused with %s: %s and the key of %s', (code, certificate, of) =>
    expect(fault(() => checkCertificate(file(certificate), key(of)))).toBe(code),
  );

  it('is refused when it is cut', () =>
    expect(fault(() => checkCertificate(file('desa1.pem').replace(/MII.{40}/, ''), key('desa1')))).toBe(
      'certificate-unreadable',
    ));

  it('never tells its key', () => {
    const checked = checkCertificate(file('desa1.pem'), key('desa1'));
    const secret = file('desa1.key').split('\n')[1]!;
    expect(checked.key.reveal()).toContain(secret);
    expect(JSON.stringify(checked)).not.toContain(secret);
  });
});

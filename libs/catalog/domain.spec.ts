import { parseDomain } from './domain.js';

describe('parseDomain', () => {
  it.each([
    ['Sukamaju.Desa.id ', 'sukamaju.desa.id'],
    ['kurai.localhost', 'kurai.localhost'],
    ['xn--nxasmq6b.id', 'xn--nxasmq6b.id'],
    ['a-b.c1.id', 'a-b.c1.id'],
  ])('takes %s', (text, domain) => expect(parseDomain(text)).toBe(domain));

  it.each([
    '',
    'desa',
    'http://a.id',
    'a.id/x',
    'a..id',
    '-a.id',
    'a-.id',
    'a b.id',
    'a.id:80',
    '10.0.0.1',
    `${'a'.repeat(64)}.id`,
    '*.desa.id',
    'a_b.id',
    `${'a.'.repeat(130)}id`,
  ])('refuses %s with a clear code', (text) =>
    expect(() => parseDomain(text)).toThrow(
      expect.objectContaining({ code: 'domain-malformed', data: { domain: text } }),
    ),
  );
});

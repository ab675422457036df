import { signatureOf } from './signature.js';

const page = (change: Record<string, unknown>) =>
  signatureOf({
    code: 'site-not-proved',
    data: {
      domain: 'sukamaju.desa.id',
      status: 500,
      title: 'Desa Sukamaju',
      wantedTitle: 'Desa Sukamaju',
      wantedVersion: 'v2602.1.0',
      version: '',
      words: 'Desa Suka Maju: Whoops at 12:01:07, request 7f0c1b3e-9d55-4a52-8f5e-0e2f63d1c0aa',
      ...change,
    },
  });

describe('the signature of a failure', () => {
  it('is the same for the same cause in another desa', () =>
    expect(
      page({
        domain: 'mekar-sari.example.com',
        title: 'Desa Mekar Sari',
        wantedTitle: 'Desa Mekar Sari',
        words: 'Desa Mekar: Whoops at 09:55:41, request 11111111-2222-4333-8444-555555555555',
      }),
    ).toBe(page({})));

  it.each<[string, Record<string, unknown>]>([
    ['another status', { status: 404 }],
    ['another release', { wantedVersion: 'v2602.2.0' }],
    ['another page', { words: 'Not found' }],
    ['another version shown', { version: 'v2601.0.0' }],
  ])('differs for %s', (_, change) => expect(page(change)).not.toBe(page({})));

  it('differs for another code and another step', () => {
    const of = (code: string, step: string) => signatureOf({ code, data: { step, seconds: 30 } });
    expect(of('step-timeout', 'copy-files')).toBe('step-timeout@copy-files');
    expect(of('step-timeout', 'copy-files')).not.toBe(of('step-timeout', 'switch-route'));
    expect(of('step-timeout', 'copy-files')).not.toBe(of('step-failed', 'copy-files'));
  });

  it('does not depend on the order of the data, nor on what belongs to one desa', () => {
    expect(signatureOf({ code: 'x', data: { table: 'a', app: 'b' } })).toBe(
      signatureOf({ code: 'x', data: { app: 'b', table: 'a' } }),
    );
    expect(signatureOf({ code: 'x', data: { code: '3303012001', account: 'd_3303012001' } })).toBe('x');
  });

  it.each([
    ['3303012001 failed', '33.03.01.2002 failed'],
    ['took 12 s', 'took 4.5 s'],
    ['site maju.desa.id is away', 'site mundur.desa.id is away'],
    ['container 9f86d081884c7d659a2f', 'container 60303ae22b998861bce3'],
  ])('reads "%s" and "%s" as one', (left, right) =>
    expect(signatureOf({ code: 'x', data: { message: left } })).toBe(
      signatureOf({ code: 'x', data: { message: right } }),
    ),
  );

  it('reads a list as a set', () =>
    expect(signatureOf({ code: 'x', data: { tables: ['b', 'a', 'b'] } })).toBe('x tables=a,b'));
});

import { judge, judgeList, type KnownWorld } from './desa-judge.js';

const world: KnownWorld = {
  names: new Map([
    ['130701', 'Suliki'],
    ['1307012001', 'Kurai'],
    ['1307012002', 'Sungai Rimbang'],
    ['1307011003', 'Kota'],
    ['5101012001', 'Melaya'],
  ]),
  kabupaten: new Map([['1307', 'kabupaten-1']]),
  registered: new Map([['1307012002', 'Sungai Rimbang']]),
  domains: new Set(['taken.desa.id']),
};
const codeOf = (code: string, domain: string): string => {
  try {
    judge({ code, domain }, world);
    return 'taken in';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('judge', () => {
  it('fills in what the register and the province say, unless a person says otherwise', () => {
    const judged = judge({ code: '13.07.01.2001', domain: 'Kurai.desa.id' }, world);
    expect(judged).toMatchObject({
      name: 'Kurai',
      sebutan: 'nagari',
      zone: 'WIB',
      kecamatanCode: '130701',
      kecamatanName: 'Suliki',
      domain: 'kurai.desa.id',
    });
    expect(judge({ code: '1307011003', domain: 'a.id' }, world).sebutan).toBe('kelurahan');
    expect(judge({ code: '1307012001', domain: 'a.id', name: 'N', sebutan: 'desa', zone: 'WIT' }, world)).toMatchObject(
      { name: 'N', sebutan: 'desa', zone: 'WIT' },
    );
  });

  it.each([
    ['130701200', 'a.desa.id', 'kode-desa-malformed'],
    ['1307012001', 'not a host', 'domain-malformed'],
    ['1307019999', 'a.desa.id', 'desa-not-in-register'],
    ['5101012001', 'a.desa.id', 'desa-other-kabupaten'],
    ['1307012002', 'a.desa.id', 'desa-taken'],
    ['1307012001', 'taken.desa.id', 'domain-taken'],
  ])('refuses %s at %s with %s', (code, domain, expected) => expect(codeOf(code, domain)).toBe(expected));

  it('refuses the second of two rows with the same code or domain, naming the first', () => {
    const row = (line: number, code: string, domain: string) => ({ line, wanted: { code, domain } });
    const verdicts = judgeList(
      [row(2, '1307012001', 'a.id'), row(3, '13.07.01.2001', 'b.id'), row(4, '1307011003', 'a.id')],
      world,
    );
    expect(verdicts.map(({ problem }) => problem?.code)).toEqual([undefined, 'import-repeated', 'import-repeated']);
    expect(verdicts[1]?.problem?.data).toEqual({ value: '1307012001', line: 2 });
  });
});

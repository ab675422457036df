import { cellsOf, readDesaCsv } from './desa-csv.js';

const thrown = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('readDesaCsv', () => {
  it('reads commas, quotes, a byte order mark, carriage returns and empty lines', () => {
    const csv =
      '\uFEFFcode,domain,name\r\n13.07.01.2001,a.desa.id,"Nagari D\'Koto ""Baru"", Atas"\r\n\r\n1307012002,b.desa.id,\r\n';
    expect(readDesaCsv(csv)).toEqual([
      { line: 2, wanted: { code: '13.07.01.2001', domain: 'a.desa.id', name: 'Nagari D\'Koto "Baru", Atas' } },
      { line: 4, wanted: { code: '1307012002', domain: 'b.desa.id' } },
    ]);
  });

  it('reads the semicolons of an Indonesian spreadsheet and Indonesian headings', () => {
    expect(readDesaCsv('Kode Desa;Domain;Zona\n1307012001;a.desa.id;WIB')[0]?.wanted).toEqual({
      code: '1307012001',
      domain: 'a.desa.id',
      zone: 'WIB',
    });
  });

  it('names the fields of a row that cannot be read and keeps reading', () => {
    const rows = readDesaCsv('code,domain,zone\n1307012001,a.desa.id,GMT\n1307012002,b.desa.id,WIT');
    expect(rows[0]).toMatchObject({ line: 2, malformed: ['zone'] });
    expect(rows[1]).not.toHaveProperty('malformed');
  });

  it('refuses a file without rows and a file without the needed columns', () => {
    expect(thrown(() => readDesaCsv(''))).toBe('import-empty');
    expect(thrown(() => readDesaCsv('code,domain\n'))).toBe('import-empty');
    expect(thrown(() => readDesaCsv('nama,domain\nA,a.desa.id'))).toBe('import-column-missing');
  });

  it('keeps an empty cell at the end of a row', () => {
    expect(cellsOf('a,b,\n,,c')).toEqual([
      { line: 1, cells: ['a', 'b', ''] },
      { line: 2, cells: ['', '', 'c'] },
    ]);
  });
});

import { csvOf } from './csv.js';

const columns = [
  { head: 'Nama', text: ({ name }: { name: string }) => name },
  { head: 'hidden' },
  { head: 'Jumlah', text: ({ count }: { count: number | null }) => count },
];

describe('a table as a file', () => {
  it('keeps only what can be written, quotes what must be, and writes no formula', () =>
    expect(
      csvOf(columns, [
        { name: 'Koto, "Baru"', count: -1 },
        { name: '=HYPERLINK("x")', count: null },
      ]),
    ).toBe('Nama,Jumlah\r\n"Koto, ""Baru""",-1\r\n"\'=HYPERLINK(""x"")",'));
});

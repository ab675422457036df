import { InvalidInput } from '#libs/core/errors.js';
import { desaNew } from '#libs/contract/contract.js';
import type { ListedDesa } from './desa-judge.js';

/** Headings a person may write, and the column they mean. */
const HEADINGS: Readonly<Record<string, string>> = {
  code: 'code',
  kode: 'code',
  'kode desa': 'code',
  domain: 'domain',
  name: 'name',
  nama: 'name',
  'nama desa': 'name',
  sebutan: 'sebutan',
  zone: 'zone',
  zona: 'zone',
  langganan: 'subscriptionEnd',
  'langganan sampai': 'subscriptionEnd',
  subscription: 'subscriptionEnd',
};

/** Cells of a text with commas or semicolons; a cell in quotes may hold them, and a doubled quote is one quote. */
export function cellsOf(text: string): { line: number; cells: string[] }[] {
  const separator = /^[^\n]*;/.test(text) && !/^[^\n]*,/.test(text) ? ';' : ',';
  const cell = new RegExp(`\\s*(?:"((?:[^"]|"")*)"|([^${separator}]*))\\s*(${separator}|$)`, 'y');
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((row, at) => ({ line: at + 1, cells: cellsOfRow(row, cell) }))
    .filter(({ cells }) => cells.some((one) => one !== ''));
}

function cellsOfRow(row: string, cell: RegExp): string[] {
  const cells: string[] = [];
  cell.lastIndex = 0;
  for (let found = cell.exec(row); found; found = cell.exec(row)) {
    cells.push((found[1]?.replaceAll('""', '"') ?? found[2] ?? '').trim());
    if (found[3] === '') break;
  }
  return cells;
}

/** Rows of a CSV with a heading line. Throws `import-empty` or `import-column-missing` for the file as a whole. */
export function readDesaCsv(csv: string): ListedDesa[] {
  const [head, ...rows] = cellsOf(csv);
  if (!head) throw new InvalidInput('import-empty');
  const columns = head.cells.map((heading) => HEADINGS[heading.toLowerCase()] ?? '');
  const missing = ['code', 'domain'].filter((needed) => !columns.includes(needed));
  if (missing.length > 0) throw new InvalidInput('import-column-missing', { missing, found: head.cells });
  if (rows.length === 0) throw new InvalidInput('import-empty');
  return rows.map(({ line, cells }) => listed(line, columns, cells));
}

function listed(line: number, columns: string[], cells: string[]): ListedDesa {
  const filled = columns
    .map((column, at) => [column, cells[at] ?? ''] as const)
    .filter(([column, text]) => column && text);
  const row = { code: '', domain: '', ...Object.fromEntries(filled) };
  const read = desaNew.safeParse(row);
  if (read.success) return { line, wanted: read.data };
  const malformed = [...new Set(read.error.issues.map((issue) => issue.path.join('.')))];
  return { line, wanted: { code: row.code, domain: row.domain }, malformed };
}

export type Cell = string | number | boolean | null | undefined;
export type Column<T> = readonly [heading: string, cell: (row: T) => Cell];

/** Control characters of a foreign text could move the cursor of the reader's terminal. */
// eslint-disable-next-line no-control-regex
export const plain = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');

export const shown = (cell: Cell): string =>
  cell === null || cell === undefined || cell === '' ? '–' : plain(String(cell));

/** Columns as wide as their longest cell, two spaces apart, numbers to the right, no spaces at the end of a line. */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[]): string[] {
  const cells = rows.map((row) => columns.map(([, cell]) => cell(row)));
  const headings = columns.map(([heading]) => heading.toUpperCase());
  const isNumber = columns.map((_, at) => cells.length > 0 && cells.every((row) => typeof row[at] === 'number'));
  const lines = [headings, ...cells.map((row) => row.map(shown))];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]!.length)));
  const fit = (text: string, at: number): string =>
    isNumber[at] ? text.padStart(widths[at]!) : text.padEnd(widths[at]!);
  return lines.map((line) => line.map(fit).join('  ').trimEnd());
}

/** One thing as `name  value` lines. */
export function card(pairs: readonly (readonly [string, Cell])[]): string[] {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${shown(value)}`);
}

/** `33.03.01.2001` from `3303012001`; codes of kecamatan and kabupaten likewise. */
export const dotted = (code: string): string =>
  [code.slice(0, 2), code.slice(2, 4), code.slice(4, 6), code.slice(6)].filter((part) => part !== '').join('.');

/** Local time down to the second. */
export const at = (time: string | null): string =>
  time === null ? '–' : new Date(time).toLocaleString('sv-SE', { hour12: false });

/** A cell that begins like a formula would be one in a spreadsheet. */
const cellOf = (value: string | number | null) => {
  const text = value === null ? '' : String(value);
  const safe = typeof value === 'string' && /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

interface CsvColumn<T> {
  head: string;
  text?: (row: T) => string | number | null;
}

/** Only columns that have a text; lines end as RFC 4180 says. */
export const csvOf = <T>(columns: CsvColumn<T>[], rows: T[]): string => {
  const told = columns.filter(({ text }) => text);
  const lines = rows.map((row) => told.map(({ text }) => cellOf(text?.(row) ?? null)).join(','));
  return [told.map(({ head }) => cellOf(head)).join(','), ...lines].join('\r\n');
};

import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Column } from './data-table.js';

/** A cell that begins like a formula would be one in a spreadsheet. */
const cellOf = (value: string | number | null) => {
  const text = value === null ? '' : String(value);
  const safe = typeof value === 'string' && /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export const csvOf = <T,>(columns: Pick<Column<T>, 'head' | 'text'>[], rows: T[]): string => {
  const told = columns.filter(({ text }) => text);
  const lines = rows.map((row) => told.map(({ text }) => cellOf(text?.(row) ?? null)).join(','));
  return [told.map(({ head }) => cellOf(head)).join(','), ...lines].join('\r\n');
};

interface Props<T> {
  name: string;
  columns: Column<T>[];
  rows: T[];
}

export const ExportCsv = <T,>({ name, columns, rows }: Props<T>) => {
  const { t } = useTranslation();
  const save = () => {
    const url = URL.createObjectURL(new Blob(['\uFEFF', csvOf(columns, rows)], { type: 'text/csv' }));
    const link = Object.assign(document.createElement('a'), { href: url, download: `${name}.csv` });
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Button size="compact-sm" variant="subtle" onClick={save}>
      {t('table.csv')}
    </Button>
  );
};

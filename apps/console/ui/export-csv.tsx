import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { csvOf } from '../kit/csv.js';
import type { Column } from './data-table.js';

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

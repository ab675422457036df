import type { AuditRow } from '#libs/contract/contract.js';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFilters } from '../../kit/filters.js';
import { moment } from '../../kit/format.js';
import { get, query, type Page } from '../../kit/http.js';
import { currentLanguage, wordFor } from '../../kit/words.js';
import { useZone } from '../../kit/zone.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { ListPage } from '../../ui/list-page.js';
import { SearchField } from '../../ui/search-field.js';

const shown = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** `domain koto.desa.id · zone WIB`; ids of rows say nothing to a reader. */
const brief = (value: unknown): string => {
  if (value === null || value === undefined) return '–';
  if (typeof value !== 'object' || Array.isArray(value)) return shown(value);
  const told = Object.entries(value).filter(([name, part]) => !/^id$|Id$/.test(name) && part !== null);
  return told.map(([name, part]) => `${name} ${shown(part)}`).join(' · ') || '–';
};

const useColumns = (): Column<AuditRow>[] => {
  const { t } = useTranslation();
  const zone = useZone();
  return [
    { head: t('audit.at'), className: 'soft one-line', cell: ({ at }) => moment(at, zone, currentLanguage()) },
    { head: t('audit.who'), cell: ({ actor }) => actor },
    { head: t('audit.what'), cell: ({ action }) => wordFor('action', action) },
    { head: t('audit.subject'), cell: ({ subject }) => subject },
    { head: t('audit.before'), className: 'soft only-wide anywhere', cell: ({ before }) => brief(before) },
    { head: t('audit.after'), className: 'soft only-wide anywhere', cell: ({ after }) => brief(after) },
  ];
};

const AuditList = () => {
  const { t } = useTranslation();
  const columns = useColumns();
  const { values, set } = useFilters(['q']);
  const rows = useQuery({
    queryKey: ['audit', values.q],
    queryFn: ({ signal }) => get<Page<AuditRow>>(`/audit${query({ q: values.q, limit: 200 })}`, signal),
    select: ({ items }) => items,
    placeholderData: (old) => old,
  });
  return (
    <ListPage
      title={t('nav.audit')}
      filters={<SearchField value={values.q} onChange={(value) => set('q', value)} />}
      query={rows}
    >
      {(items) => (
        <DataTable label={t('nav.audit')} columns={columns} rows={items} rowKey={({ id }) => String(id)} isTall />
      )}
    </ListPage>
  );
};

export default AuditList;

import type { AuditRow } from '#libs/contract/contract.js';
import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { moment } from '../../kit/format.js';
import { get, query, type Page } from '../../kit/http.js';
import { currentLanguage, wordFor } from '../../kit/words.js';
import { Listing } from '../../ui/listing.js';
import { PageHead } from '../../ui/page-head.js';

const shown = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** `domain koto.desa.id · zone WIB`; ids of rows say nothing to a reader. */
const brief = (value: unknown): string => {
  if (value === null || value === undefined) return '–';
  if (typeof value !== 'object' || Array.isArray(value)) return shown(value);
  const told = Object.entries(value).filter(([name, part]) => !/^id$|Id$/.test(name) && part !== null);
  return told.map(([name, part]) => `${name} ${shown(part)}`).join(' · ') || '–';
};

const Rows = ({ items }: { items: AuditRow[] }) => {
  const { t } = useTranslation();
  return (
    <div className="table-frame tall" tabIndex={0} role="region" aria-label={t('nav.audit')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('audit.at')}</th>
            <th scope="col">{t('audit.who')}</th>
            <th scope="col">{t('audit.what')}</th>
            <th scope="col">{t('audit.subject')}</th>
            <th scope="col" className="only-wide">
              {t('audit.before')}
            </th>
            <th scope="col" className="only-wide">
              {t('audit.after')}
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((row) => (
            <tr key={row.id}>
              <td className="soft" style={{ whiteSpace: 'nowrap' }}>
                {moment(row.at, 'WIB', currentLanguage())}
              </td>
              <td>{row.actor}</td>
              <td>{wordFor('action', row.action)}</td>
              <td>{row.subject}</td>
              <td className="soft only-wide anywhere">{brief(row.before)}</td>
              <td className="soft only-wide anywhere">{brief(row.after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const AuditList = () => {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const wanted = search.get('q') ?? '';
  const [q] = useDebouncedValue(wanted, 120);
  const rows = useQuery({
    queryKey: ['audit', q],
    queryFn: ({ signal }) => get<Page<AuditRow>>(`/audit${query({ q, limit: 200 })}`, signal),
    placeholderData: (old) => old,
  });
  return (
    <>
      <PageHead title={t('nav.audit')} />
      <div className="filters">
        <TextInput
          size="xs"
          label={t('filter.search')}
          value={wanted}
          onChange={(event) => setSearch(event.target.value ? { q: event.target.value } : {}, { replace: true })}
        />
      </div>
      <Listing query={rows} isEmpty={({ items }) => items.length === 0}>
        {({ items }) => <Rows items={items} />}
      </Listing>
    </>
  );
};

export default AuditList;

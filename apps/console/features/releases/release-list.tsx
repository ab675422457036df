import type { Release } from '#libs/contract/contract.js';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAdding } from '../../kit/adding.js';
import { useFilters } from '../../kit/filters.js';
import { moment, number } from '../../kit/format.js';
import { get, query, type Page } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { releaseLook } from '../../kit/state.js';
import { currentLanguage, wordFor } from '../../kit/words.js';
import { useZone } from '../../kit/zone.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { ListPage } from '../../ui/list-page.js';
import { StateLook } from '../../ui/look.js';
import { SearchField } from '../../ui/search-field.js';
import { AddRelease } from './add-release.js';

const useColumns = (): Column<Release>[] => {
  const { t } = useTranslation();
  const zone = useZone();
  const language = currentLanguage();
  return [
    { head: t('app.label'), cell: ({ app }) => wordFor('app', app) },
    {
      head: t('version.label'),
      cell: ({ app, version }) => (
        <Link className="link code" to={`/releases/${app}/${version}`}>
          {version}
        </Link>
      ),
    },
    {
      head: t('table.state'),
      cell: ({ state }) => <StateLook look={releaseLook[state]}>{t(`release.${state}`)}</StateLook>,
    },
    { head: t('release.usedBy'), className: 'number', cell: ({ usedBy }) => number(usedBy, language) },
    { head: t('release.source'), className: 'only-wide soft', cell: ({ source }) => source },
    {
      head: t('release.created'),
      className: 'only-wide soft',
      cell: ({ createdAt }) => moment(createdAt, zone, language),
    },
  ];
};

const useReleases = (wanted: string) =>
  useQuery({
    queryKey: ['releases', 'list'],
    queryFn: ({ signal }) => get<Page<Release>>(`/releases${query({ limit: 500 })}`, signal),
    select: ({ items }) =>
      items.filter(({ app, version }) =>
        `${wordFor('app', app)} ${version}`.toLowerCase().includes(wanted.trim().toLowerCase()),
      ),
    refetchInterval: 10_000,
  });

const ReleaseList = () => {
  const { t } = useTranslation();
  const { mayChange } = useMe();
  const adding = useAdding();
  const columns = useColumns();
  const { values, set, isFiltered } = useFilters(['q']);
  return (
    <>
      <ListPage
        title={t('nav.releases')}
        add={{ label: t('release.add'), isAllowed: mayChange, open: adding.open }}
        filters={<SearchField value={values.q} onChange={(value) => set('q', value)} />}
        query={useReleases(values.q)}
        empty={isFiltered ? t('list.nothing') : t('release.none')}
      >
        {(items) => <DataTable label={t('nav.releases')} columns={columns} rows={items} rowKey={({ id }) => id} />}
      </ListPage>
      {adding.isAdding && <AddRelease onClose={adding.close} />}
    </>
  );
};

export default ReleaseList;

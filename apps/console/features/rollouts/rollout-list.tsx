import type { Rollout } from '#libs/contract/rollouts.js';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useFilters } from '../../kit/filters.js';
import { moment } from '../../kit/format.js';
import { get, query, type Page } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { rolloutLook } from '../../kit/state.js';
import { currentLanguage, wordFor } from '../../kit/words.js';
import { useZones } from '../../kit/zone.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { ListPage } from '../../ui/list-page.js';
import { StateLook } from '../../ui/look.js';
import { SearchField } from '../../ui/search-field.js';
import { StateFilter } from '../../ui/state-filter.js';
import { sumOf } from './sums.js';
import { CountWords, WaveBar } from './wave-bar.js';

const states = Object.keys(rolloutLook) as Rollout['state'][];

const useColumns = (): Column<Rollout>[] => {
  const { t } = useTranslation();
  const zoneOf = useZones();
  const language = currentLanguage();
  return [
    {
      head: t('rollout.label'),
      cell: ({ id, app, version, gabungan, waves }) => (
        <>
          <Link className="link" to={`/rollouts/${id}`}>
            {wordFor('app', app)} {version}
          </Link>{' '}
          <span className="soft">{gabungan}</span>
          <span className="only-narrow">
            <WaveBar counts={sumOf(waves)} />
          </span>
        </>
      ),
    },
    {
      head: t('table.state'),
      cell: ({ state, phase }) => (
        <StateLook look={rolloutLook[state]}>
          {state === 'running' && phase !== 'waves' ? t(`phase.${phase}`) : t(`rollout.${state}`)}
        </StateLook>
      ),
    },
    {
      head: t('phase.waves'),
      className: 'wave-cell only-wide',
      cell: ({ waves }) => (
        <>
          <WaveBar counts={sumOf(waves)} />
          <CountWords counts={sumOf(waves)} />
        </>
      ),
    },
    { head: t('audit.who'), className: 'only-wide', cell: ({ askedBy }) => askedBy },
    {
      head: t('audit.at'),
      className: 'only-wide soft one-line',
      cell: ({ startedAt, createdAt, kabupatenId }) => moment(startedAt ?? createdAt, zoneOf(kabupatenId), language),
    },
  ];
};

const matches = ({ app, version, gabungan }: Rollout, wanted: string) =>
  `${wordFor('app', app)} ${version} ${gabungan}`.toLowerCase().includes(wanted.trim().toLowerCase());

const RolloutList = () => {
  const { t } = useTranslation();
  const { mayChange } = useMe();
  const navigate = useNavigate();
  const columns = useColumns();
  const { values, set, isFiltered } = useFilters(['q', 'state']);
  const rollouts = useQuery({
    queryKey: ['rollouts', 'list'],
    queryFn: ({ signal }) => get<Page<Rollout>>(`/rollouts${query({ limit: 200 })}`, signal),
    select: ({ items }) =>
      items.filter((one) => (!values.state || one.state === values.state) && matches(one, values.q)),
    refetchInterval: 5_000,
  });
  return (
    <ListPage
      title={t('nav.rollouts')}
      add={{ label: t('rollout.new'), isAllowed: mayChange, open: () => void navigate('/rollouts/new') }}
      filters={
        <>
          <SearchField value={values.q} onChange={(value) => set('q', value)} />
          <StateFilter
            states={states}
            value={values.state}
            onChange={(value) => set('state', value)}
            label={(name) => t(`rollout.${name}`)}
          />
        </>
      }
      query={rollouts}
      empty={isFiltered ? t('list.nothing') : t('rollout.none')}
    >
      {(items) => <DataTable label={t('nav.rollouts')} columns={columns} rows={items} rowKey={({ id }) => id} />}
    </ListPage>
  );
};

export default RolloutList;

import type { Run } from '#libs/contract/contract.js';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFilters } from '../../kit/filters.js';
import { get, query, type Page } from '../../kit/http.js';
import { runLook } from '../../kit/state.js';
import { ListPage } from '../../ui/list-page.js';
import { RunLine, runTitle } from '../../ui/run-line.js';
import { SearchField } from '../../ui/search-field.js';
import { StateFilter } from '../../ui/state-filter.js';

const states = Object.keys(runLook) as Run['state'][];

const matches = (run: Run, wanted: string) =>
  `${runTitle(run)} ${run.id} ${run.askedBy}`.toLowerCase().includes(wanted.trim().toLowerCase());

const RunList = () => {
  const { t } = useTranslation();
  const { values, set, isFiltered } = useFilters(['q', 'state']);
  const { state, q: wanted } = values;
  const runs = useQuery({
    queryKey: ['runs', 'list', state],
    queryFn: ({ signal }) => get<Page<Run>>(`/runs${query({ state, limit: 500 })}`, signal),
    placeholderData: (old) => old,
    select: ({ items }) => items.filter((run) => matches(run, wanted)),
    refetchInterval: 4_000,
  });
  return (
    <ListPage
      title={t('nav.runs')}
      filters={
        <>
          <SearchField value={wanted} onChange={(value) => set('q', value)} />
          <StateFilter
            states={states}
            value={state}
            onChange={(value) => set('state', value)}
            label={(name) => t(`run.${name}`)}
          />
        </>
      }
      query={runs}
      empty={isFiltered ? t('list.nothing') : t('runs.none')}
    >
      {(items) => (
        <ul className="line-list">
          {items.map((run) => (
            <RunLine key={run.id} run={run} />
          ))}
        </ul>
      )}
    </ListPage>
  );
};

export default RunList;

import type { Run } from '#libs/contract/contract.js';
import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { get, query, type Page } from '../../kit/http.js';
import { runLook } from '../../kit/state.js';
import { Listing } from '../../ui/listing.js';
import { PageHead } from '../../ui/page-head.js';
import { RunLine, runTitle } from '../../ui/run-line.js';

const states = Object.keys(runLook) as Run['state'][];

const matches = (run: Run, wanted: string) =>
  `${runTitle(run)} ${run.id} ${run.askedBy}`.toLowerCase().includes(wanted.trim().toLowerCase());

const RunList = () => {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const set = (name: string, value: string) =>
    setSearch(
      (known) => {
        if (value) known.set(name, value);
        else known.delete(name);
        return known;
      },
      { replace: true },
    );
  const state = search.get('state') ?? '';
  const wanted = search.get('q') ?? '';
  const runs = useQuery({
    queryKey: ['runs', 'list', state],
    queryFn: ({ signal }) => get<Page<Run>>(`/runs${query({ state, limit: 500 })}`, signal),
    placeholderData: (old) => old,
    select: ({ items }) => items.filter((run) => matches(run, wanted)),
    refetchInterval: 4_000,
  });
  return (
    <>
      <PageHead title={t('nav.runs')} />
      <div className="filters">
        <TextInput
          size="xs"
          label={t('filter.search')}
          value={wanted}
          onChange={(event) => set('q', event.target.value)}
        />
        <NativeSelect
          size="xs"
          label={t('table.state')}
          value={state}
          onChange={(event) => set('state', event.target.value)}
          data={[
            { value: '', label: t('filter.all') },
            ...states.map((name) => ({ value: name, label: t(`run.${name}`) })),
          ]}
        />
      </div>
      <Listing
        query={runs}
        isEmpty={(items) => items.length === 0}
        empty={wanted || state ? t('list.nothing') : t('runs.none')}
      >
        {(items) => (
          <ul className="line-list">
            {items.map((run) => (
              <RunLine key={run.id} run={run} />
            ))}
          </ul>
        )}
      </Listing>
    </>
  );
};

export default RunList;

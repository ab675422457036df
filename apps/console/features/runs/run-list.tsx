import type { Run } from '#libs/contract/contract.js';
import { NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { get, query, type Page } from '../../kit/http.js';
import { runLook } from '../../kit/state.js';
import { Listing } from '../../ui/listing.js';
import { PageHead } from '../../ui/page-head.js';
import { RunLine } from '../../ui/run-line.js';

const states = Object.keys(runLook) as Run['state'][];

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
  const [q] = useDebouncedValue(wanted, 120);
  const runs = useQuery({
    queryKey: ['runs', 'list', q, state],
    queryFn: ({ signal }) => get<Page<Run>>(`/runs${query({ q, state, limit: 100 })}`, signal),
    placeholderData: (old) => old,
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
        isEmpty={({ items }) => items.length === 0}
        empty={wanted || state ? t('list.nothing') : t('runs.none')}
      >
        {({ items }) => (
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

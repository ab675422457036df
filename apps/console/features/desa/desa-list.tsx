import type { Desa } from '#libs/contract/contract.js';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { RowSelectionState } from '@tanstack/react-table';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useAdding } from '../../kit/adding.js';
import { useFilters } from '../../kit/filters.js';
import { number, undotted } from '../../kit/format.js';
import { get, query, type Page } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { currentLanguage } from '../../kit/words.js';
import { Listing } from '../../ui/listing.js';
import { PageHead } from '../../ui/page-head.js';
import { SearchField } from '../../ui/search-field.js';
import { StateFilter } from '../../ui/state-filter.js';
import { AddDesa } from './add-desa.js';
import { DesaTable } from './desa-table.js';
import { ImportDesa } from './import-desa.js';

const pageSize = 200;
const filters = ['q', 'state', 'app', 'version', 'kecamatan'] as const;
const states = ['absent', 'installing', 'running', 'updating', 'removing', 'broken'] as const;
type Filters = Record<(typeof filters)[number], string>;

const useDesa = (values: Filters) => {
  const q = /^[\d.]+$/.test(values.q) ? undotted(values.q) : values.q;
  return useInfiniteQuery({
    queryKey: ['desa', 'list', { ...values, q }],
    queryFn: ({ pageParam, signal }) =>
      get<Page<Desa>>(`/desa${query({ ...values, q, limit: pageSize, offset: pageParam })}`, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const known = pages.reduce((sum, { items }) => sum + items.length, 0);
      return known < last.total && last.items.length > 0 ? known : undefined;
    },
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
};

const FilterBar = ({ values, set }: { values: Filters; set: (name: keyof Filters, value: string) => void }) => {
  const { t } = useTranslation();
  return (
    <div className="filters" role="search">
      <SearchField value={values.q} hint={t('desa.search.hint')} onChange={(value) => set('q', value)} />
      <StateFilter
        states={states}
        value={values.state}
        onChange={(value) => set('state', value)}
        label={(name) => t(`installation.${name}`)}
      />
      <NativeSelect
        size="xs"
        label={t('app.label')}
        value={values.app}
        onChange={(event) => set('app', event.target.value)}
        data={[
          { value: '', label: t('filter.all') },
          ...(['opensid', 'pbb', 'api'] as const).map((app) => ({ value: app, label: t(`app.${app}`) })),
        ]}
      />
      <TextInput
        size="xs"
        label={t('version.label')}
        value={values.version}
        onChange={(event) => set('version', event.target.value)}
        w={130}
      />
      {values.kecamatan && (
        <Button size="xs" variant="default" onClick={() => set('kecamatan', '')}>
          {t('filter.kecamatan', { code: values.kecamatan })}
        </Button>
      )}
    </div>
  );
};

/** What may be done with the chosen: both lead to the plan, never straight to the work. */
const Chosen = ({ codes, onClear }: { codes: string[]; onClear: () => void }) => {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const amount = number(codes.length, currentLanguage());
  const open = (act: 'install' | 'update') => void navigate('/desa/plan', { state: { codes, act } });
  return (
    <div
      className="filters"
      role="group"
      aria-label={t('desa.chosen', { amount })}
      style={{ alignItems: 'center', minHeight: 34 }}
    >
      <span aria-live="polite">{t('desa.chosen', { amount })}</span>
      <Button size="compact-sm" onClick={() => open('update')}>
        {t('desa.update.plan')}
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => open('install')}>
        {t('desa.install.plan')}
      </Button>
      <Button size="compact-sm" variant="subtle" onClick={onClear}>
        {t('desa.chooseNone')}
      </Button>
    </div>
  );
};

const DesaList = () => {
  const { t } = useTranslation();
  const { mayChange } = useMe();
  const adding = useAdding();
  const [isImporting, setImporting] = useState(false);
  const [chosen, setChosen] = useState<RowSelectionState>({});
  const { values, set, isFiltered } = useFilters(filters);
  const desa = useDesa(values);
  const { fetchNextPage, isFetchingNextPage } = desa;
  const more = useCallback(() => void (!isFetchingNextPage && fetchNextPage()), [fetchNextPage, isFetchingNextPage]);
  const codes = Object.keys(chosen);
  const total = desa.data?.pages.at(-1)?.total ?? 0;
  return (
    <>
      <PageHead title={t('nav.desa')}>
        {mayChange && (
          <Button size="xs" variant="default" onClick={() => setImporting(true)}>
            {t('desa.import')}
          </Button>
        )}
        {mayChange && (
          <Button size="xs" onClick={adding.open}>
            {t('desa.add')}
          </Button>
        )}
      </PageHead>
      <FilterBar values={values} set={set} />
      {codes.length > 0 ? (
        <Chosen codes={codes} onClear={() => setChosen({})} />
      ) : (
        <p className="none" style={{ minHeight: 44, padding: '10px 0' }} aria-live="polite">
          {desa.data ? t('desa.found', { amount: number(total, currentLanguage()) }) : ''}
        </p>
      )}
      <Listing
        query={desa}
        isEmpty={({ pages }) => pages[0]?.items.length === 0}
        empty={isFiltered ? t('list.nothing') : t('desa.none')}
      >
        {({ pages }) => (
          <DesaTable
            rows={pages.flatMap(({ items }) => items)}
            total={total}
            mayChange={mayChange}
            chosen={chosen}
            onChoose={setChosen}
            onNearEnd={more}
          />
        )}
      </Listing>
      {adding.isAdding && <AddDesa onClose={adding.close} />}
      {isImporting && <ImportDesa onClose={() => setImporting(false)} />}
    </>
  );
};

export default DesaList;

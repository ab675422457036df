import type { GabunganView, Release } from '#libs/contract/contract.js';
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFilters } from '../../kit/filters.js';
import { get, problemOf, query, type Page } from '../../kit/http.js';
import { ProblemBox } from '../../ui/problem-box.js';

const apps = ['opensid', 'pbb', 'api'] as const;

/** Which gabungan goes to which release: kept in the address, so that a link can bring both. */
export const useTarget = () => {
  const { values, set } = useFilters(['gabungan', 'app', 'version']);
  const gabungan = useQuery({
    queryKey: ['gabungan'],
    queryFn: ({ signal }) => get<Page<GabunganView>>('/gabungan', signal),
    select: ({ items }) => items,
  });
  const releases = useQuery({
    queryKey: ['releases', 'offers'],
    queryFn: ({ signal }) => get<Page<Release>>(`/releases${query({ limit: 200 })}`, signal),
  });
  const app = values.app || 'opensid';
  const built = (releases.data?.items ?? []).filter((release) => release.app === app && release.state === 'built');
  const versions = built.map(({ version }) => version).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  const places = gabungan.data ?? [];
  return {
    set,
    app,
    places,
    versions,
    gabungan: values.gabungan || places[0]?.name || '',
    version: values.version || versions[0] || '',
    isPending: gabungan.isPending || releases.isPending,
    error: gabungan.error ?? releases.error,
  };
};
export type Target = ReturnType<typeof useTarget>;

const Missing = ({ text, path, place }: { text: string; path: string; place: string }) => (
  <p className="whole">
    {text}{' '}
    <Link className="link" to={path}>
      {place}
    </Link>
  </p>
);

export const TargetFields = ({ target }: { target: Target }) => {
  const { t } = useTranslation();
  if (target.error)
    return (
      <div className="whole">
        <ProblemBox problem={problemOf(target.error)} />
      </div>
    );
  const running = target.places.find(({ name }) => name === target.gabungan)?.version;
  return (
    <>
      {!target.isPending && target.places.length === 0 && (
        <Missing text={t('gabungan.none')} path="/gabungan" place={t('nav.gabungan')} />
      )}
      {!target.isPending && target.versions.length === 0 && (
        <Missing text={t('plan.noRelease')} path="/releases" place={t('nav.releases')} />
      )}
      <NativeSelect
        size="xs"
        label={t('nav.gabungan')}
        description={running ? t('rollout.runningVersion', { version: running }) : undefined}
        value={target.gabungan}
        onChange={(event) => target.set('gabungan', event.target.value)}
        data={target.places.map(({ name }) => name)}
      />
      <NativeSelect
        size="xs"
        label={t('app.label')}
        value={target.app}
        onChange={(event) => target.set('app', event.target.value)}
        data={apps.map((name) => ({ value: name, label: t(`app.${name}`) }))}
      />
      <NativeSelect
        size="xs"
        label={t('version.label')}
        value={target.version}
        onChange={(event) => target.set('version', event.target.value)}
        data={target.versions}
      />
    </>
  );
};

import type { GabunganView, Release } from '#libs/contract/contract.js';
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { get, query, type Page } from '../../kit/http.js';
import type { Act, Choice } from './plans.js';

interface Props {
  act: Exclude<Act, 'move'>;
  app?: string;
  isBusy: boolean;
  onChoose: (choice: Choice) => void;
}

const useOffers = (app: string) => {
  const releases = useQuery({
    queryKey: ['releases', 'offers'],
    queryFn: () => get<Page<Release>>(`/releases${query({ limit: 200 })}`),
  });
  const gabungan = useQuery({ queryKey: ['gabungan'], queryFn: () => get<Page<GabunganView>>('/gabungan') });
  const versions = (releases.data?.items ?? [])
    .filter((release) => release.app === app && release.state === 'built')
    .map(({ version }) => version);
  return {
    versions: versions.sort().reverse(),
    gabungan: (gabungan.data?.items ?? []).map(({ name }) => name),
    isPending: releases.isPending,
  };
};

/** Which app, which version, where: then the plan is made. Only built releases are offered. */
export const PlanForm = ({ act, app: given, isBusy, onChoose }: Props) => {
  const { t } = useTranslation();
  const [app, setApp] = useState(given ?? 'opensid');
  const [version, setVersion] = useState('');
  const [place, setPlace] = useState('');
  const [isolation, setIsolation] = useState<'shared' | 'own'>('shared');
  const { versions, gabungan, isPending } = useOffers(app);
  const chosen = version || versions[0] || '';
  const choice: Choice =
    act === 'install'
      ? { app, version: chosen, isolation, ...(place || gabungan[0] ? { gabungan: place || gabungan[0] } : {}) }
      : { app, version: chosen };
  if (!isPending && versions.length === 0 && act !== 'remove')
    return (
      <p>
        {t('plan.noRelease')}{' '}
        <Link className="link" to="/releases">
          {t('nav.releases')}
        </Link>
      </p>
    );
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault();
        onChoose(choice);
      }}
    >
      <NativeSelect
        size="xs"
        label={t('app.label')}
        value={app}
        onChange={(event) => setApp(event.target.value)}
        data={(['opensid', 'pbb', 'api'] as const).map((name) => ({ value: name, label: t(`app.${name}`) }))}
      />
      {act !== 'remove' && (
        <NativeSelect
          size="xs"
          label={t('version.label')}
          value={chosen}
          onChange={(event) => setVersion(event.target.value)}
          data={versions}
        />
      )}
      {act === 'install' && (
        <NativeSelect
          size="xs"
          label={t('nav.gabungan')}
          value={place || gabungan[0] || ''}
          onChange={(event) => setPlace(event.target.value)}
          data={gabungan}
        />
      )}
      {act === 'install' && (
        <NativeSelect
          size="xs"
          label={t('isolation.label')}
          value={isolation}
          onChange={(event) => setIsolation(event.target.value === 'own' ? 'own' : 'shared')}
          data={(['shared', 'own'] as const).map((kind) => ({ value: kind, label: t(`isolation.${kind}`) }))}
        />
      )}
      <Button type="submit" size="xs" loading={isBusy}>
        {t('plan.make')}
      </Button>
    </form>
  );
};

import type { Desa, GabunganView, Kabupaten, Release } from '#libs/contract/contract.js';
import type { Server } from '#libs/contract/servers.js';
import { Button } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { get, type Page } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { StateLook } from '../../ui/look.js';

const AddKabupaten = lazy(() => import('../kabupaten/add-kabupaten.js'));

const one = <T,>(path: string) => ({
  queryKey: [path.slice(1), 'first'],
  queryFn: () => get<Page<T>>(`${path}?limit=1`),
});

const places = [
  { name: 'kabupaten', link: '/' },
  { name: 'server', link: '/servers?add=1' },
  { name: 'gabungan', link: '/gabungan?add=1' },
  { name: 'release', link: '/releases?add=1' },
  { name: 'desa', link: '/desa?add=1' },
] as const;

/** The path of the first day; it goes away when all five exist. Only the first missing one has a button. */
export const FirstUse = () => {
  const { t } = useTranslation();
  const { isAdmin } = useMe();
  const [isAdding, setAdding] = useState(false);
  const found = useQueries({
    queries: [
      one<Kabupaten>('/kabupaten'),
      one<Server>('/servers'),
      one<GabunganView>('/gabungan'),
      one<Release>('/releases'),
      one<Desa>('/desa'),
    ],
  });
  if (!isAdmin || found.some(({ data }) => !data)) return null;
  const next = found.findIndex(({ data }) => data?.total === 0);
  if (next < 0) return null;
  return (
    <section aria-label={t('first.title')}>
      <h2>{t('first.title')}</h2>
      <ol className="line-list">
        {places.map(({ name, link }, position) => (
          <li key={name}>
            <span style={{ minWidth: 150 }}>
              {(found[position]?.data?.total ?? 0) > 0 ? (
                <StateLook look="good">{t('first.there')}</StateLook>
              ) : (
                <StateLook look={position === next ? 'waiting' : 'held'}>{t('first.missing')}</StateLook>
              )}
            </span>
            <span className="grow">
              <strong>{t(`first.${name}`)}</strong> <span className="soft">{t(`first.${name}.why`)}</span>
            </span>
            {position === next &&
              (name === 'kabupaten' ? (
                <Button size="xs" onClick={() => setAdding(true)}>
                  {t('first.kabupaten.do')}
                </Button>
              ) : (
                <Button size="xs" component={Link} to={link}>
                  {t(`first.${name}.do`)}
                </Button>
              ))}
          </li>
        ))}
      </ol>
      {isAdding && (
        <Suspense>
          <AddKabupaten onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </section>
  );
};

import type { Rollout } from '#libs/contract/rollouts.js';
import type { Desa, Release, Run } from '#libs/contract/contract.js';
import type { Server } from '#libs/contract/servers.js';
import '@mantine/spotlight/styles.css';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueries } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { dotted, fullName, undotted } from '../kit/format.js';
import { get, query, type Page } from '../kit/http.js';
import { wordFor } from '../kit/words.js';
import { runTitle } from '../ui/run-line.js';

const [store, spotlight] = createSpotlight();

interface Found {
  label: string;
  description: string;
  link: string;
}

const shownOfEach = 6;

/** Only the list of desa is long enough to be searched by the server; the others are filtered here. */
const find = <T,>(path: string, wanted: string, show: (item: T) => Found) => ({
  queryKey: ['search', path, wanted],
  enabled: wanted.length > 0,
  queryFn: async ({ signal }: { signal: AbortSignal }) => {
    const isLong = path === '/desa';
    const asked = query(isLong ? { q: wanted, limit: shownOfEach } : { limit: 200 });
    const found = (await get<Page<T>>(`${path}${asked}`, signal)).items.map(show);
    const fits = ({ label, description }: Found) =>
      `${label} ${description}`.toLowerCase().includes(wanted.toLowerCase());
    return (isLong ? found : found.filter(fits)).slice(0, shownOfEach);
  },
});

const useFound = (wanted: string): Found[] => {
  const { t } = useTranslation();
  const code = /^[\d.]+$/.test(wanted) ? undotted(wanted) : wanted;
  const asked = useQueries({
    queries: [
      find<Desa>('/desa', code, (desa) => ({
        label: fullName(desa),
        description: `${dotted(desa.code)} · ${desa.domain}`,
        link: `/desa/${desa.code}`,
      })),
      find<Release>('/releases', wanted, (release) => ({
        label: `${wordFor('app', release.app)} ${release.version}`,
        description: release.edition,
        link: `/releases/${release.app}/${release.version}`,
      })),
      find<Rollout>('/rollouts', wanted, (rollout) => ({
        label: `${t('rollout.label')} ${wordFor('app', rollout.app)} ${rollout.version}`,
        description: rollout.gabungan,
        link: `/rollouts/${rollout.id}`,
      })),
      find<Server>('/servers', wanted, (server) => ({
        label: server.name,
        description: server.address,
        link: '/servers',
      })),
      find<Run>('/runs', wanted, (run) => ({
        label: runTitle(run),
        description: run.id.slice(0, 8),
        link: `/runs/${run.id}`,
      })),
    ],
  });
  return asked.flatMap(({ data }) => data ?? []);
};

const Search = ({ asked }: { asked: number }) => {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [wanted] = useDebouncedValue(text.trim(), 120);
  const found = useFound(wanted);
  const actions: Found[] = [
    { label: t('desa.add'), description: t('nav.desa'), link: '/desa?add=1' },
    { label: t('release.add'), description: t('nav.releases'), link: '/releases?add=1' },
    { label: t('rollout.new'), description: t('nav.rollouts'), link: '/rollouts/new' },
    { label: t('policy.title'), description: t('nav.settings'), link: '/settings' },
    { label: t('runs.open'), description: t('nav.runs'), link: '/runs' },
  ].filter(({ label }) => label.toLowerCase().includes(wanted.toLowerCase()));
  useEffect(() => {
    if (asked > 0) spotlight.open();
  }, [asked]);
  const shown = [...found, ...actions];
  return (
    <Spotlight.Root
      store={store}
      query={text}
      onQueryChange={setText}
      shortcut={null}
      scrollable
      maxHeight={420}
      title={t('search.open')}
    >
      <Spotlight.Search placeholder={t('search.hint')} aria-label={t('search.hint')} />
      <Spotlight.ActionsList>
        {shown.map((item) => (
          <Spotlight.Action
            key={`${item.link} ${item.label}`}
            label={item.label}
            description={item.description}
            onClick={() => void navigate(item.link)}
          />
        ))}
        {shown.length === 0 && <Spotlight.Empty>{t('search.none')}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
};

export default Search;

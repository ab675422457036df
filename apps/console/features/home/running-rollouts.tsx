import type { Rollout } from '#libs/contract/rollouts.js';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { get, query, type Page } from '../../kit/http.js';
import { rolloutLook } from '../../kit/state.js';
import { wordFor } from '../../kit/words.js';
import { StateLook } from '../../ui/look.js';
import { sumOf } from '../rollouts/sums.js';
import { CountWords, WaveBar } from '../rollouts/wave-bar.js';

export const useRunningRollouts = (): Rollout[] => {
  const { data } = useQuery({
    queryKey: ['rollouts', 'running'],
    queryFn: ({ signal }) => get<Page<Rollout>>(`/rollouts${query({ state: 'running', limit: 20 })}`, signal),
    select: ({ items }) => items.filter(({ state }) => state === 'running'),
    refetchInterval: 5_000,
  });
  return data ?? [];
};

/** A rollout is many runs: its own line tells how far it is. */
export const RunningRollouts = ({ rollouts }: { rollouts: Rollout[] }) => {
  const { t } = useTranslation();
  return rollouts.map((rollout) => (
    <li key={rollout.id}>
      <span style={{ minWidth: 150 }}>
        <StateLook look={rolloutLook[rollout.state]}>{t(`phase.${rollout.phase}`)}</StateLook>
      </span>
      <Link className="grow link" to={`/rollouts/${rollout.id}`}>
        {t('rollout.label')} {wordFor('app', rollout.app)} {rollout.version} · {rollout.gabungan}
      </Link>
      <span className="home-bar">
        <WaveBar counts={sumOf(rollout.waves)} />
        <CountWords counts={sumOf(rollout.waves)} />
      </span>
    </li>
  ));
};

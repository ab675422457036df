import type { RolloutWhole } from '#libs/contract/rollouts.js';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { number } from '../../kit/format.js';
import { hasRolloutEnded, rolloutDesaLook } from '../../kit/state.js';
import { currentLanguage } from '../../kit/words.js';
import { StateLook } from '../../ui/look.js';
import { comingWave } from './sums.js';

type Desa = RolloutWhole['desa'][number];
const shownNext = 6;

const DesaLine = ({ desa }: { desa: Desa }) => {
  const { t } = useTranslation();
  return (
    <li>
      <span style={{ minWidth: 150 }}>
        <StateLook look={rolloutDesaLook[desa.state]}>{t(`rollout.desa.${desa.state}`)}</StateLook>
      </span>
      <Link className="grow link" to={desa.runId ? `/runs/${desa.runId}` : `/desa/${desa.code}`}>
        {desa.name}
      </Link>
      <span className="soft only-wide">{desa.server}</span>
    </li>
  );
};

/** Who is being moved now and who comes after them. */
export const NextUp = ({ rollout }: { rollout: RolloutWhole }) => {
  const { t } = useTranslation();
  const wave = comingWave(rollout);
  if (hasRolloutEnded(rollout.state) || !wave) return null;
  const running = rollout.desa.filter(({ state }) => state === 'running');
  const next = rollout.desa.filter((one) => one.state === 'waiting' && one.wave === wave.position);
  const left = next.length - shownNext;
  return (
    <section className="section" aria-label={t('rollout.next')}>
      <h2>
        {t('rollout.next')} <span className="soft">{t('wave.name', { position: wave.position + 1 })}</span>
      </h2>
      {running.length + next.length === 0 && <p className="none">{t('rollout.next.none')}</p>}
      <ul className="line-list">
        {[...running, ...next.slice(0, shownNext)].map((desa) => (
          <DesaLine key={desa.desaId} desa={desa} />
        ))}
      </ul>
      {left > 0 && <p className="none">{t('rollout.next.more', { amount: number(left, currentLanguage()) })}</p>}
    </section>
  );
};

import type { Rollout } from '#libs/contract/rollouts.js';
import { useTranslation } from 'react-i18next';
import { between, duration, moment } from '../../kit/format.js';
import { waveLook } from '../../kit/state.js';
import { currentLanguage } from '../../kit/words.js';
import { StateLook } from '../../ui/look.js';
import { CountWords, WaveBar } from './wave-bar.js';

type Wave = Rollout['waves'][number];

const Times = ({ wave, zone }: { wave: Wave; zone: string }) => {
  const { t } = useTranslation();
  const language = currentLanguage();
  const seconds = wave.endedAt ? between(wave.startedAt, wave.endedAt) : null;
  return (
    <span className="soft">
      {wave.startedAt && t('wave.startedAt', { time: moment(wave.startedAt, zone, language) })}
      {seconds !== null && ` · ${t('run.took', { time: duration(seconds, language) })}`}
      {wave.startedAfterMilliseconds !== null &&
        ` · ${t('wave.startedAfter', { time: duration(wave.startedAfterMilliseconds / 1000, language) })}`}
      {wave.releasedBy && ` · ${t('wave.releasedBy', { who: wave.releasedBy })}`}
    </span>
  );
};

interface Props {
  waves: Wave[];
  zone: string;
  isGateOpen: (wave: Wave) => boolean;
}

export const WaveList = ({ waves, zone, isGateOpen }: Props) => {
  const { t } = useTranslation();
  return (
    <section className="section" aria-label={t('phase.waves')}>
      <h2>{t('phase.waves')}</h2>
      <ol className="waves">
        {waves.map((wave) => (
          <li key={wave.position}>
            <div className="wave-head">
              <strong>{t('wave.name', { position: wave.position + 1 })}</strong>
              {isGateOpen(wave) ? (
                <StateLook look="waiting">{t('wave.gate')}</StateLook>
              ) : (
                <StateLook look={waveLook[wave.state]}>{t(`wave.${wave.state}`)}</StateLook>
              )}
              <Times wave={wave} zone={zone} />
            </div>
            <WaveBar counts={wave.counts} />
            <CountWords counts={wave.counts} />
          </li>
        ))}
      </ol>
    </section>
  );
};

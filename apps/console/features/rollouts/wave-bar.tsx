import { useTranslation } from 'react-i18next';
import { number } from '../../kit/format.js';
import { rolloutDesaLook } from '../../kit/state.js';
import { currentLanguage } from '../../kit/words.js';
import { StateLook } from '../../ui/look.js';
import { countNames, type Counts } from './sums.js';

/** The stacked bar is for the eye; the same numbers stand beside it in words, each with its icon. */
export const WaveBar = ({ counts }: { counts: Counts }) => (
  <div className="bar wave-bar" aria-hidden>
    {countNames.map(
      (name) => counts[name] > 0 && <span key={name} className={`part-${name}`} style={{ flexGrow: counts[name] }} />,
    )}
  </div>
);

export const CountWords = ({ counts }: { counts: Counts }) => {
  const { t } = useTranslation();
  const shown = countNames.filter((name) => counts[name] > 0);
  return (
    <span className="count-words">
      {shown.map((name) => (
        <StateLook key={name} look={rolloutDesaLook[name]}>
          {number(counts[name], currentLanguage())} {t(`rollout.desa.${name}`)}
        </StateLook>
      ))}
    </span>
  );
};

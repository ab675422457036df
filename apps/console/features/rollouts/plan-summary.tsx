import type { Blocker, RolloutPlan } from '#libs/contract/rollouts.js';
import { useTranslation } from 'react-i18next';
import { duration, number } from '../../kit/format.js';
import { currentLanguage } from '../../kit/words.js';
import { StateLook } from '../../ui/look.js';
import { ProblemBox } from '../../ui/problem-box.js';
import { problemOrCode } from './sentence.js';
import { partsOf, type PlanDesa } from './sums.js';

const countedBlockers = (blocked: PlanDesa[]) => {
  const counts = new Map<Blocker | 'unknown', number>();
  for (const { blockers } of blocked)
    for (const blocker of blockers.length ? blockers : (['unknown'] as const))
      counts.set(blocker, (counts.get(blocker) ?? 0) + 1);
  return [...counts];
};

const Blocked = ({ blocked }: { blocked: PlanDesa[] }) => {
  const { t } = useTranslation();
  const language = currentLanguage();
  if (blocked.length === 0) return null;
  return (
    <li>
      <StateLook look="attention">{t('plan.part.blocked', { amount: number(blocked.length, language) })}</StateLook>
      <span className="soft">
        {countedBlockers(blocked)
          .map(([blocker, count]) => `${number(count, language)} ${t(`blocker.${blocker}`)}`)
          .join(' · ')}
      </span>
    </li>
  );
};

const useWaveSizes = ({ desa }: RolloutPlan): string => {
  const sizes: number[] = [];
  for (const { wave } of desa) if (wave !== null) sizes[wave] = (sizes[wave] ?? 0) + 1;
  return sizes.map((size) => number(size, currentLanguage())).join(' → ');
};

/** Who moves, who is there already, who stays out and why, how long; downtime only until the rehearsal has decided it. */
export const PlanSummary = ({ plan, isRehearsed }: { plan: RolloutPlan; isRehearsed?: boolean }) => {
  const { t } = useTranslation();
  const language = currentLanguage();
  const { moves, already, blocked } = partsOf(plan);
  const { predictedSeconds: seconds, predictedDowntimeSeconds: downtime } = plan;
  const sizes = useWaveSizes(plan);
  const downtimeWords =
    downtime === null
      ? t('plan.downtime.unknown')
      : downtime === 0
        ? t('plan.downtime.none')
        : t('plan.downtime', { time: duration(downtime, language) });
  return (
    <>
      {plan.problems.map((problem) => (
        <ProblemBox key={problem.code} problem={problemOrCode(problem)} />
      ))}
      <ul className="line-list">
        <li>
          <StateLook look="waiting">{t('plan.part.moves', { amount: number(moves.length, language) })}</StateLook>
          {sizes && <span className="soft">{t('plan.waveSizes', { sizes })}</span>}
        </li>
        {already.length > 0 && (
          <li>
            <StateLook look="good">{t('plan.part.already', { amount: number(already.length, language) })}</StateLook>
          </li>
        )}
        <Blocked blocked={blocked} />
      </ul>
      <p className="soft">
        {seconds === null ? t('plan.noHistory') : t('plan.takes', { time: duration(seconds, language) })}
        {!isRehearsed && ` · ${downtimeWords}`}
        {plan.isCodeOnly && ` · ${t('rehearsal.codeOnly')}`}
      </p>
    </>
  );
};

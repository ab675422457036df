import type { RolloutWhole } from '#libs/contract/rollouts.js';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { between, duration } from '../../kit/format.js';
import { hasEnded, type Look } from '../../kit/state.js';
import { currentLanguage } from '../../kit/words.js';
import { StateLook } from '../../ui/look.js';
import { phases, standingOf, type Phase, type Standing } from './standing.js';

const looks: Record<Standing, Look> = {
  done: 'good',
  now: 'busy',
  halted: 'attention',
  next: 'waiting',
  never: 'held',
  skipped: 'held',
};

const PhaseRun = ({ rollout, phase }: { rollout: RolloutWhole; phase: Phase }) => {
  const { t } = useTranslation();
  const run = rollout.runs.findLast(({ verb }) => verb === phase);
  if (!run) return null;
  const seconds = hasEnded(run.state) ? between(run.startedAt, run.endedAt) : null;
  return (
    <Link className="link" to={`/runs/${run.id}`}>
      {seconds === null ? t('runs.seeRun') : t('run.took', { time: duration(seconds, currentLanguage()) })}
    </Link>
  );
};

export const PhaseLine = ({ rollout }: { rollout: RolloutWhole }) => {
  const { t } = useTranslation();
  const isCodeOnly = rollout.rehearsal?.isCodeOnly ?? rollout.plan.isCodeOnly;
  return (
    <ol className="phases" aria-label={t('phase.label')}>
      {phases.map((phase) => {
        const standing = standingOf(phase, rollout, isCodeOnly);
        return (
          <li key={phase} aria-current={rollout.phase === phase ? 'step' : undefined}>
            <strong>{t(`phase.${phase}`)}</strong>
            <StateLook look={looks[standing]}>{t(`phase.state.${standing}`)}</StateLook>
            <PhaseRun rollout={rollout} phase={phase} />
          </li>
        );
      })}
    </ol>
  );
};

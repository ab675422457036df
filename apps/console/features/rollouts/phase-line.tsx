import type { Rollout, RolloutWhole } from '#libs/contract/rollouts.js';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { between, duration } from '../../kit/format.js';
import { hasEnded, type Look } from '../../kit/state.js';
import { currentLanguage } from '../../kit/words.js';
import { StateLook } from '../../ui/look.js';

const phases = ['rehearse', 'backup', 'migrate', 'waves'] as const;
type Phase = (typeof phases)[number];
export type Standing = 'done' | 'now' | 'halted' | 'next' | 'never' | 'skipped';

const looks: Record<Standing, Look> = {
  done: 'good',
  now: 'busy',
  halted: 'attention',
  next: 'waiting',
  never: 'held',
  skipped: 'held',
};

const current: Record<Rollout['state'], Standing> = {
  draft: 'next',
  approved: 'next',
  running: 'now',
  paused: 'halted',
  finished: 'done',
  stopped: 'halted',
};

/** How one phase stands, told from the state of the whole and the phase it is in. */
export const standingOf = (
  phase: Phase,
  rollout: Pick<RolloutWhole, 'state' | 'phase'>,
  isCodeOnly: boolean,
): Standing => {
  if (isCodeOnly && (phase === 'backup' || phase === 'migrate')) return 'skipped';
  const distance = phases.indexOf(phase) - phases.indexOf(rollout.phase);
  if (rollout.state === 'finished' || distance < 0) return 'done';
  if (distance > 0) return rollout.state === 'stopped' ? 'never' : 'next';
  return current[rollout.state];
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

import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { dotted, duration } from '../../kit/format.js';
import { currentLanguage } from '../../kit/words.js';
import { StateLook } from '../../ui/look.js';
import { ProblemBox } from '../../ui/problem-box.js';
import { StepList } from '../runs/step-list.js';
import type { DesaPlan } from './plans.js';

/** One desa of a plan: how long it will take, what each step says, and what speaks against it. */
export const PlanLine = ({ plan }: { plan: DesaPlan }) => {
  const { t } = useTranslation();
  const { run, problem, startedId } = plan;
  const seconds = run?.expectedSeconds ?? null;
  return (
    <li>
      <span style={{ minWidth: 190 }}>
        {problem ? (
          <StateLook look="broken">{t('plan.refused')}</StateLook>
        ) : startedId ? (
          <StateLook look="busy">{t('plan.begun')}</StateLook>
        ) : plan.isGood ? (
          <StateLook look="good">{t('plan.ready')}</StateLook>
        ) : (
          <StateLook look="busy">{t('plan.preparing')}</StateLook>
        )}
      </span>
      <Link className="grow link" to={`/desa/${plan.code}`}>
        {run ? run.subjectLabel : dotted(plan.code)}
      </Link>
      <span className="soft">
        {seconds === null ? t('plan.noHistory') : t('run.expected', { time: duration(seconds, currentLanguage()) })}
      </span>
      {startedId && (
        <Link className="link" to={`/runs/${startedId}`}>
          {t('runs.seeRun')}
        </Link>
      )}
      {problem && (
        <div style={{ flexBasis: '100%' }}>
          <ProblemBox problem={problem} runId={run?.id} />
        </div>
      )}
      {run && run.steps.length > 0 && (
        <details style={{ flexBasis: '100%' }}>
          <summary>{t('plan.steps', { amount: run.steps.length })}</summary>
          <StepList steps={run.steps} isPlan runId={run.id} />
        </details>
      )}
    </li>
  );
};

import type { Step } from '#libs/contract/contract.js';
import { useTranslation } from 'react-i18next';
import { between, duration } from '../../kit/format.js';
import { sayOf } from '../../kit/says.js';
import { stepLook } from '../../kit/state.js';
import { currentLanguage, wordFor } from '../../kit/words.js';
import { StateLook } from '../../ui/look.js';
import { ProblemBox } from '../../ui/problem-box.js';

/** What a step said it would do; while it is only a plan there is no state to show. */
const StepLine = ({ step, isPlan, runId, now }: { step: Step; isPlan: boolean; runId: string; now: number }) => {
  const { t } = useTranslation();
  const seconds = between(step.startedAt, step.endedAt, now);
  return (
    <li>
      <span className="soft number">{step.position + 1}</span>
      <strong style={{ fontWeight: 550 }} title={step.name}>
        {wordFor('step', step.name)}
      </strong>
      {isPlan ? <span /> : <StateLook look={stepLook[step.state]}>{t(`step.state.${step.state}`)}</StateLook>}
      <span className="soft only-wide number" style={{ minWidth: 90 }}>
        {!isPlan && seconds !== null && step.state !== 'skipped' ? duration(seconds, currentLanguage()) : ''}
      </span>
      {step.says.length > 0 ? (
        <ul className="says wide">
          {step.says.map((sentence) => (
            <li key={sentence}>{sayOf(sentence)}</li>
          ))}
        </ul>
      ) : (
        isPlan && <span className="soft wide">{t('step.alreadySo')}</span>
      )}
      {step.attempts > 1 && <span className="soft wide">{t('step.attempts', { amount: step.attempts })}</span>}
      {step.undoReason && <span className="soft wide">{t('step.noUndo', { reason: sayOf(step.undoReason) })}</span>}
      {step.problem && (
        <div className="wide">
          <ProblemBox problem={step.problem} runId={runId} />
        </div>
      )}
    </li>
  );
};

export const StepList = ({
  steps,
  isPlan = false,
  runId,
  now = 0,
}: {
  steps: Step[];
  isPlan?: boolean;
  runId: string;
  now?: number;
}) => (
  <ol className="steps">
    {steps.map((step) => (
      <StepLine key={step.position} step={step} isPlan={isPlan} runId={runId} now={now} />
    ))}
  </ol>
);

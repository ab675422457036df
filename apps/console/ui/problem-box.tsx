import type { Problem } from '#libs/contract/contract.js';
import { Button, CopyButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';

const known = [
  'unreachable',
  'unauthenticated',
  'forbidden',
  'http-401',
  'http-403',
  'http-404',
  'http-500',
  'http-502',
] as const;
type Known = (typeof known)[number];
const isKnown = (code: string): code is Known => (known as readonly string[]).includes(code);

/** Words of our own only where the server had none to give. */
const useSentences = (problem: Problem) => {
  const { t } = useTranslation();
  const kind = isKnown(problem.code) ? problem.code : 'unknown';
  return {
    title: problem.title || t(`problem.${kind}.title`),
    hint: problem.hint || t(`problem.${kind}.hint`),
    detail: problem.detail === problem.title ? '' : problem.detail,
  };
};

interface Props {
  problem: Problem;
  runId?: string;
  onRetry?: () => void;
  isHeading?: boolean;
}

export const ProblemBox = ({ problem, runId, onRetry, isHeading }: Props) => {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const { title, hint, detail } = useSentences(problem);
  const Title = isHeading ? 'h1' : 'strong';
  const evidence = [problem.code, runId].filter(Boolean).join(' · ');
  return (
    <div className="problem" role="alert">
      <Title>{title}</Title>
      {detail && <p>{detail}</p>}
      {hint && (
        <p>
          <span className="soft">{t('problem.whatToDo')}</span> {hint}
        </p>
      )}
      <p className="soft">
        <span className="code">{evidence}</span>{' '}
        <CopyButton value={`${title}\n${detail}\n${evidence}`}>
          {({ copied, copy }) => (
            <Button variant="subtle" size="compact-xs" onClick={copy}>
              {copied ? t('copy.done') : t('copy.do')}
            </Button>
          )}
        </CopyButton>
        {runId && pathname !== `/runs/${runId}` && (
          <Link className="link" to={`/runs/${runId}`}>
            {t('runs.seeRun')}
          </Link>
        )}
      </p>
      {onRetry && (
        <Button size="xs" variant="default" onClick={onRetry}>
          {t('problem.retry')}
        </Button>
      )}
    </div>
  );
};

import type { RolloutPlanned, RolloutWhole } from '#libs/contract/rollouts.js';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { number } from '../../kit/format.js';
import { post, problemOf, query } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { currentLanguage } from '../../kit/words.js';
import { ProblemBox } from '../../ui/problem-box.js';
import { PlanSummary } from './plan-summary.js';
import { partsOf, releaseBefore } from './sums.js';

/** What the rehearsal of this rollout has seen of the older code on the schema that stands now. */
const Evidence = ({ rollout, version }: { rollout: RolloutWhole; version: string }) => {
  const { t } = useTranslation();
  const language = currentLanguage();
  const { rehearsal } = rollout;
  if (!rehearsal) return <p className="soft">{t('goBack.unknown', { version })}</p>;
  const isFor = rehearsal.isCodeOnly || rehearsal.verdict === 'rolling';
  const worse = rehearsal.pages.filter(({ old, before }) => old !== before).length;
  const pages = number(rehearsal.pages.length, language);
  const words = isFor
    ? t(rehearsal.isCodeOnly ? 'goBack.codeOnly' : 'goBack.for', { version, pages })
    : t('goBack.against', { version, pages, worse: number(worse, language) });
  return (
    <p>
      <strong className={isFor ? 'look-good' : 'look-broken'}>{words}</strong>
      {!isFor && (
        <>
          {' '}
          <Link className="link" to={`/gabungan/${rollout.gabungan}`}>
            {t('goBack.restore')}
          </Link>
        </>
      )}
    </p>
  );
};

/** Back to what the desa ran before: planned first, with the evidence for or against it. Nothing moves here. */
export const GoBack = ({ rollout }: { rollout: RolloutWhole }) => {
  const { t } = useTranslation();
  const { mayChange } = useMe();
  const version = releaseBefore(rollout.plan);
  const { gabungan, app } = rollout;
  const plan = useMutation({
    mutationFn: () => post<RolloutPlanned>('/rollouts/plan', { gabungan, app, version }),
  });
  if (rollout.state !== 'finished' || !version || !mayChange) return null;
  const goes = plan.data && plan.data.problems.length === 0 && partsOf(plan.data).moves.length > 0;
  return (
    <section className="section" aria-label={t('goBack.title')}>
      <h2>{t('goBack.title')}</h2>
      <Button size="xs" variant="default" loading={plan.isPending} onClick={() => plan.mutate()}>
        {t('goBack.plan', { version })}
      </Button>
      {plan.isError && <ProblemBox problem={problemOf(plan.error)} />}
      {plan.data && (
        <div role="status">
          <Evidence rollout={rollout} version={version} />
          <PlanSummary plan={plan.data} />
          {goes && (
            <Link className="link" to={`/rollouts/new${query({ gabungan, app, version })}`}>
              {t('goBack.open')}
            </Link>
          )}
        </div>
      )}
    </section>
  );
};

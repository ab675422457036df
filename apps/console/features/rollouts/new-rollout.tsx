import type { RolloutPlan, RolloutWhole } from '#libs/contract/rollouts.js';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { number } from '../../kit/format.js';
import { post, problemOf } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { currentLanguage } from '../../kit/words.js';
import { PageHead } from '../../ui/page-head.js';
import { ProblemBox } from '../../ui/problem-box.js';
import { useTarget, TargetFields } from './target-fields.js';
import { PlanSummary } from './plan-summary.js';
import { PlanTable } from './plan-view.js';
import { SettingsFields } from './settings-fields.js';
import { settingsOf, settingsValues } from './settings-form.js';
import { partsOf } from './sums.js';

const largestSeed = 2_147_483_647;

/** The same seed for the plan that is read and for the rollout that is made of it: the waves stay the same. */
const useAsked = () => {
  const target = useTarget();
  const [values, setValues] = useState(() => settingsValues());
  const [seed] = useState(() => Math.floor(Math.random() * largestSeed));
  const settings = settingsOf(values);
  const { gabungan, app, version } = target;
  return {
    target,
    values,
    change: (part: Partial<typeof values>) => setValues((known) => ({ ...known, ...part })),
    body: gabungan && version && settings ? { gabungan, app, version, settings, seed } : null,
  };
};
type Body = NonNullable<ReturnType<typeof useAsked>['body']>;

const PlanRead = ({ plan, body }: { plan: RolloutPlan; body: Body }) => {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const amount = partsOf(plan).moves.length;
  const create = useMutation({
    mutationFn: () => post<RolloutWhole>('/rollouts', body),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['rollouts', 'list'] });
      void navigate(`/rollouts/${id}`);
    },
  });
  return (
    <section className="section" aria-label={t('plan.title')}>
      <h2>
        {t('plan.title')} <span className="soft">{t('plan.nothingChanged')}</span>
      </h2>
      <PlanSummary plan={plan} />
      {create.isError && <ProblemBox problem={problemOf(create.error)} />}
      {amount > 0 && plan.problems.length === 0 ? (
        <p className="act-buttons">
          <Button size="xs" loading={create.isPending} onClick={() => create.mutate()}>
            {t('rollout.create', { amount: number(amount, currentLanguage()) })}
          </Button>
          <span className="soft">{t('rollout.create.why')}</span>
        </p>
      ) : (
        <p>{t('rollout.create.nothing')}</p>
      )}
      <PlanTable plan={plan} />
    </section>
  );
};

const Form = () => {
  const { t } = useTranslation();
  const { target, values, change, body } = useAsked();
  const plan = useMutation({ mutationFn: (asked: Body) => post<RolloutPlan>('/rollouts/plan', asked) });
  const isFresh = plan.data && plan.variables && JSON.stringify(plan.variables) === JSON.stringify(body);
  return (
    <>
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault();
          if (body) plan.mutate(body);
        }}
      >
        <TargetFields target={target} />
        <SettingsFields values={values} onChange={change} />
        <div className="whole">
          <Button
            type="submit"
            size="xs"
            disabled={!body}
            loading={plan.isPending}
            variant={isFresh ? 'default' : 'filled'}
          >
            {t('plan.make')}
          </Button>
        </div>
      </form>
      {plan.isError && <ProblemBox problem={problemOf(plan.error)} />}
      {plan.data && !isFresh && <p className="none">{t('rollout.plan.old')}</p>}
      {isFresh && plan.variables && <PlanRead plan={plan.data} body={plan.variables} />}
    </>
  );
};

const NewRollout = () => {
  const { t } = useTranslation();
  const { mayChange } = useMe();
  return (
    <>
      <PageHead title={t('rollout.new')} />
      {mayChange ? (
        <Form />
      ) : (
        <p>
          {t('problem.forbidden.title')}{' '}
          <Link className="link" to="/rollouts">
            {t('nav.rollouts')}
          </Link>
        </p>
      )}
    </>
  );
};

export default NewRollout;

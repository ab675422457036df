import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { number, undotted } from '../../kit/format.js';
import { currentLanguage } from '../../kit/words.js';
import { PageHead } from '../../ui/page-head.js';
import { MoveForm } from './move-form.js';
import { PlanForm } from './plan-form.js';
import { PlanLine } from './plan-line.js';
import { usePlans, type Act, type Choice } from './plans.js';

interface Asked {
  codes: string[];
  act: Act;
  app?: string;
}

const isAsked = (state: unknown): state is Asked =>
  typeof state === 'object' && state !== null && Array.isArray((state as Asked).codes);

/** Removal cannot be undone by a route: the code of the desa is typed. */
const Confirm = ({ code, typed, onType }: { code: string; typed: string; onType: (value: string) => void }) => {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t('plan.confirm', { code })}
      description={t('plan.confirm.why')}
      value={typed}
      onChange={(event) => onType(event.target.value)}
      maw={360}
      mb="sm"
    />
  );
};

const Plan = ({ asked }: { asked: Asked }) => {
  const { t } = useTranslation();
  const [choice, setChoice] = useState<Choice | null>(null);
  const [typed, setTyped] = useState('');
  const { plans, begin, prepare, isPreparing, isStarted } = usePlans(asked.codes, asked.act);
  const good = plans.filter(({ isGood }) => isGood);
  const amount = number(good.length, currentLanguage());
  const choose = (chosen: Choice) => {
    setChoice(chosen);
    void prepare(chosen);
  };
  const isConfirmed = asked.act !== 'remove' || undotted(typed) === asked.codes[0];
  return (
    <>
      {asked.act === 'move' ? (
        <MoveForm app={asked.app} isBusy={isPreparing} onChoose={choose} />
      ) : (
        <PlanForm act={asked.act} app={asked.app} isBusy={isPreparing} onChoose={choose} />
      )}
      {plans.length > 0 && (
        <section className="section" aria-label={t('plan.title')}>
          <h2>
            {t('plan.title')} <span className="soft">{t('plan.nothingChanged')}</span>
          </h2>
          <ul className="line-list">
            {plans.map((plan) => (
              <PlanLine key={plan.code} plan={plan} />
            ))}
          </ul>
          {asked.act === 'remove' && good.length > 0 && !isStarted && (
            <Confirm code={asked.codes[0] ?? ''} typed={typed} onType={setTyped} />
          )}
          {!isStarted && good.length > 0 && choice && (
            <Button
              mt="md"
              disabled={!isConfirmed || isPreparing}
              color={asked.act === 'remove' ? 'red.9' : undefined}
              onClick={() => void begin(choice)}
            >
              {t(`plan.${asked.act}.do`, { amount })}
            </Button>
          )}
          {isStarted && (
            <p aria-live="polite">
              {t('plan.started')}{' '}
              <Link className="link" to="/runs">
                {t('nav.runs')}
              </Link>
            </p>
          )}
        </section>
      )}
    </>
  );
};

const PlanPage = () => {
  const { t } = useTranslation();
  const { state } = useLocation();
  const asked = isAsked(state) ? state : null;
  return (
    <>
      <PageHead
        title={
          asked
            ? t(`plan.${asked.act}.title`, { amount: number(asked.codes.length, currentLanguage()) })
            : t('plan.title')
        }
      />
      {asked ? (
        <Plan key={asked.codes.join()} asked={asked} />
      ) : (
        <p>
          {t('plan.noneChosen')}{' '}
          <Link className="link" to="/desa">
            {t('nav.desa')}
          </Link>
        </p>
      )}
    </>
  );
};

export default PlanPage;

import type { RolloutWhole } from '#libs/contract/rollouts.js';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { number } from '../../kit/format.js';
import { useMe } from '../../kit/me.js';
import { hasRolloutEnded } from '../../kit/state.js';
import { currentLanguage } from '../../kit/words.js';
import { FormDialog } from '../../ui/form-dialog.js';
import { StateLook } from '../../ui/look.js';
import type { Acting } from './use-rollout.js';

type Group = RolloutWhole['failures'][number];
const shownDesa = 8;

const HoldGroup = ({ group, acting, onClose }: { group: Group; acting: Acting; onClose: () => void }) => {
  const { t } = useTranslation();
  const title = t('rollout.hold', { amount: number(group.desa.length, currentLanguage()) });
  const hold = async ({ reason }: Record<string, string>) => {
    await acting.mutateAsync({ act: 'hold', body: { desa: group.desa, reason } });
  };
  return (
    <FormDialog
      title={title}
      verb={title}
      onClose={onClose}
      onSubmit={hold}
      fields={[
        {
          name: 'reason',
          label: t('hold.reason'),
          hint: t('rollout.hold.hint'),
          kind: 'lines',
          check: (value) => (value.length < 5 ? t('hold.reason.wrong') : null),
        },
      ]}
    />
  );
};

/** Each failed desa leads to the run that failed. */
const Members = ({ rollout, group }: { rollout: RolloutWhole; group: Group }) => {
  const { t } = useTranslation();
  const [isWhole, setWhole] = useState(false);
  const members = rollout.desa.filter(({ code }) => group.desa.includes(code));
  const shown = isWhole ? members : members.slice(0, shownDesa);
  return (
    <p className="members">
      {shown.map(({ code, name, runId }) => (
        <Link key={code} className="link" to={runId ? `/runs/${runId}` : `/desa/${code}`}>
          {name}
        </Link>
      ))}
      {members.length > shown.length && (
        <Button size="compact-xs" variant="subtle" onClick={() => setWhole(true)}>
          {t('rollout.next.more', { amount: number(members.length - shown.length, currentLanguage()) })}
        </Button>
      )}
    </p>
  );
};

const GroupView = ({ rollout, group, acting }: { rollout: RolloutWhole; group: Group; acting: Acting }) => {
  const { t } = useTranslation();
  const { mayChange } = useMe();
  const [isHolding, setHolding] = useState(false);
  const amount = number(group.desa.length, currentLanguage());
  const { problem } = group;
  return (
    <li className="problem">
      <StateLook look="broken">{t('rollout.failed.count', { amount })}</StateLook>
      <h3>{problem.title}</h3>
      <p>{problem.detail}</p>
      {problem.hint && (
        <p>
          <span className="soft">{t('problem.whatToDo')}</span> {problem.hint}
        </p>
      )}
      <Members rollout={rollout} group={group} />
      <p className="code soft">{group.signature}</p>
      {mayChange && !hasRolloutEnded(rollout.state) && (
        <span className="act-buttons">
          <Button
            size="xs"
            variant="default"
            disabled={acting.isPending}
            onClick={() => acting.mutate({ act: 'retry', body: { desa: group.desa } })}
          >
            {t('rollout.retry', { amount })}
          </Button>
          <Button size="xs" variant="default" disabled={acting.isPending} onClick={() => setHolding(true)}>
            {t('rollout.hold', { amount })}
          </Button>
        </span>
      )}
      {isHolding && <HoldGroup group={group} acting={acting} onClose={() => setHolding(false)} />}
    </li>
  );
};

/** Failures of one cause together, so that a person decides once for all of them. */
export const Failures = ({ rollout, acting }: { rollout: RolloutWhole; acting: Acting }) => {
  const { t } = useTranslation();
  if (rollout.failures.length === 0) return null;
  return (
    <section className="section" aria-label={t('rollout.failures')}>
      <h2>{t('rollout.failures')}</h2>
      <ul className="groups">
        {rollout.failures.map((group) => (
          <GroupView key={group.signature} rollout={rollout} group={group} acting={acting} />
        ))}
      </ul>
    </section>
  );
};

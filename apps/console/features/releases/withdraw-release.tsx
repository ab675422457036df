import type { Release } from '#libs/contract/contract.js';
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { moment, number } from '../../kit/format.js';
import { post, query } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { currentLanguage } from '../../kit/words.js';
import { useZone } from '../../kit/zone.js';
import { FormDialog } from '../../ui/form-dialog.js';

/** Why nobody gets it any more, who said so and when. */
const Withdrawn = ({ release: { withdrawal } }: { release: Release }) => {
  const { t } = useTranslation();
  const zone = useZone();
  return (
    <div className="problem notice">
      <p>{t('release.withdrawn.text')}</p>
      {withdrawal && (
        <>
          <p>{t('release.withdrawn.why', { reason: withdrawal.reason })}</p>
          <p className="soft">
            {t('release.withdrawn.by', {
              who: withdrawal.by,
              time: moment(withdrawal.at, zone, currentLanguage()),
            })}
          </p>
        </>
      )}
    </div>
  );
};

/** A built release can be rolled out from here, or withdrawn so that nobody gets it any more. */
export const WithdrawRelease = ({ release }: { release: Release }) => {
  const { t } = useTranslation();
  const { mayChange, isAdmin } = useMe();
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const { app, version, state } = release;
  const withdraw = async ({ reason }: Record<string, string>) => {
    await post(`/releases/${app}/${version}/withdraw`, { reason });
    await client.invalidateQueries({ queryKey: ['releases'] });
    await client.invalidateQueries({ queryKey: ['rollouts'] });
  };
  if (state === 'withdrawn') return <Withdrawn release={release} />;
  const verb = t('release.withdraw', { version });
  return (
    <div className="act-buttons">
      {mayChange && state === 'built' && (
        <Link className="link" to={`/rollouts/new${query({ app, version })}`}>
          {t('rollout.new.of', { version })}
        </Link>
      )}
      {isAdmin && (
        <Button size="xs" variant="default" onClick={() => setAsking(true)}>
          {verb}
        </Button>
      )}
      {isAsking && (
        <FormDialog
          title={verb}
          verb={verb}
          onClose={() => setAsking(false)}
          onSubmit={withdraw}
          fields={[
            {
              name: 'reason',
              label: t('run.clear.reason'),
              hint: t('release.withdraw.hint', { amount: number(release.usedBy, currentLanguage()) }),
              kind: 'lines',
              check: (value) => (value.length < 5 ? t('hold.reason.wrong') : null),
            },
          ]}
        />
      )}
    </div>
  );
};

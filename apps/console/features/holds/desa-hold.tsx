import type { Desa } from '#libs/contract/contract.js';
import type { Hold } from '#libs/contract/rollouts.js';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { endOfDay, fullName, moment } from '../../kit/format.js';
import { post, problemOf, remove } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { currentLanguage } from '../../kit/words.js';
import { FormDialog } from '../../ui/form-dialog.js';
import { Listing } from '../../ui/listing.js';
import { StateLook } from '../../ui/look.js';
import { ProblemBox } from '../../ui/problem-box.js';
import { useHolds } from './holds.js';

const HoldDialog = ({ desa, onClose }: { desa: Desa; onClose: () => void }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const verb = t('hold.add', { name: fullName(desa) });
  const hold = async ({ reason, until }: Record<string, string>) => {
    await post('/holds', { desa: desa.code, reason, ...(until ? { until: endOfDay(until, desa.zone) } : {}) });
    await client.invalidateQueries({ queryKey: ['holds'] });
  };
  return (
    <FormDialog
      title={verb}
      verb={verb}
      onClose={onClose}
      onSubmit={hold}
      fields={[
        {
          name: 'reason',
          label: t('hold.reason'),
          hint: t('hold.reason.hint'),
          kind: 'lines',
          check: (value) => (value.length < 5 ? t('hold.reason.wrong') : null),
        },
        {
          name: 'until',
          label: t('hold.until'),
          hint: t('hold.until.hint'),
          kind: 'date',
          isOptional: true,
          check: (value) => (Date.parse(endOfDay(value, desa.zone)) > Date.now() ? null : t('hold.until.wrong')),
        },
      ]}
    />
  );
};

const Held = ({ hold, desa }: { hold: Hold; desa: Desa }) => {
  const { t } = useTranslation();
  const { mayChange } = useMe();
  const client = useQueryClient();
  const language = currentLanguage();
  const end = useMutation({
    mutationFn: () => remove(`/holds/${hold.id}`),
    onSettled: () => client.invalidateQueries({ queryKey: ['holds'] }),
  });
  return (
    <>
      <p className="act-buttons">
        <StateLook look="held">{t('hold.held')}</StateLook> <span>{hold.reason}</span>
      </p>
      <p className="soft">
        {hold.until ? t('hold.untilTime', { time: moment(hold.until, desa.zone, language) }) : t('hold.untilPerson')}
        {` · ${t('run.askedBy', { who: hold.askedBy, time: moment(hold.createdAt, desa.zone, language) })}`}
      </p>
      {mayChange && (
        <Button size="xs" variant="default" loading={end.isPending} onClick={() => end.mutate()}>
          {t('hold.end')}
        </Button>
      )}
      {end.isError && <ProblemBox problem={problemOf(end.error)} />}
    </>
  );
};

/** Whether this desa takes part in rollouts; if not, why, since when, and until when. */
export const DesaHold = ({ desa }: { desa: Desa }) => {
  const { t } = useTranslation();
  const { mayChange } = useMe();
  const [isHolding, setHolding] = useState(false);
  const holds = useHolds();
  return (
    <section className="section" aria-label={t('hold.title')}>
      <h2>{t('hold.title')}</h2>
      <Listing query={holds}>
        {(known) => {
          const hold = known.get(desa.code);
          if (hold) return <Held hold={hold} desa={desa} />;
          return (
            <>
              <p className="none">{t('hold.none', { name: fullName(desa) })}</p>
              {mayChange && (
                <Button size="compact-sm" variant="default" onClick={() => setHolding(true)}>
                  {t('hold.add', { name: fullName(desa) })}
                </Button>
              )}
            </>
          );
        }}
      </Listing>
      {isHolding && <HoldDialog desa={desa} onClose={() => setHolding(false)} />}
    </section>
  );
};

import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dayName, monthName } from '../../kit/format.js';
import { patch } from '../../kit/http.js';
import { currentLanguage } from '../../kit/words.js';
import { FormDialog } from '../../ui/form-dialog.js';

interface Props {
  /** Of a desa or of a kabupaten, without /api/v1. */
  path: string;
  /** Last day, and whether it is its own; null when nobody told. */
  known: { endsOn: string; isOwn: boolean } | null;
  hint: string;
  mayChange: boolean;
}

/** Until when premium releases may be taken, and the place where a person writes it down. */
export const Subscription = ({ path, known, hint, mayChange }: Props) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const language = currentLanguage();
  const save = async ({ end }: Record<string, string>) => {
    await patch(path, { subscriptionEnd: end || null });
    await client.invalidateQueries();
  };
  const words = known
    ? t('subscription.until', {
        month: monthName(known.endsOn.slice(0, 7), language),
        day: dayName(known.endsOn, language),
      })
    : t('subscription.none');
  return (
    <section className="section" aria-label={t('subscription.title')}>
      <h2>{t('subscription.title')}</h2>
      <p className={known ? '' : 'none'}>
        {words}
        {known && !known.isOwn && ` ${t('subscription.ofKabupaten')}`}
      </p>
      {mayChange && (
        <Button size="compact-sm" variant="default" onClick={() => setOpen(true)}>
          {t('subscription.change')}
        </Button>
      )}
      {isOpen && (
        <FormDialog
          title={t('subscription.change')}
          verb={t('subscription.change')}
          onClose={() => setOpen(false)}
          onSubmit={save}
          fields={[
            {
              name: 'end',
              label: t('subscription.end'),
              hint,
              kind: 'date',
              isOptional: true,
              initial: known?.isOwn ? known.endsOn : '',
            },
          ]}
        />
      )}
    </section>
  );
};

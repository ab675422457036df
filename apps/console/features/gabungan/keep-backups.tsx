import type { GabunganView } from '#libs/contract/contract.js';
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { number } from '../../kit/format.js';
import { patch } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { currentLanguage } from '../../kit/words.js';
import { FormDialog } from '../../ui/form-dialog.js';

const most = 365;

/** How many of the newest backups stay. */
export const KeepBackups = ({ gabungan }: { gabungan: GabunganView }) => {
  const { t } = useTranslation();
  const { isAdmin } = useMe();
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const save = async ({ count }: Record<string, string>) => {
    await patch(`/gabungan/${gabungan.name}`, { keepBackups: Number(count) });
    await client.invalidateQueries({ queryKey: ['gabungan'] });
  };
  const isCount = (value: string) => /^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= most;
  return (
    <p className="soft">
      {t('backup.keeping', { amount: number(gabungan.keepBackups, currentLanguage()) })}{' '}
      {isAdmin && (
        <Button size="compact-xs" variant="subtle" onClick={() => setOpen(true)}>
          {t('backup.keeping.change')}
        </Button>
      )}
      {isOpen && (
        <FormDialog
          title={t('backup.keeping.change')}
          verb={t('backup.keeping.change')}
          onClose={() => setOpen(false)}
          onSubmit={save}
          fields={[
            {
              name: 'count',
              label: t('backup.keeping.label'),
              hint: t('backup.keeping.hint'),
              initial: String(gabungan.keepBackups),
              check: (value) => (isCount(value) ? null : t('backup.keeping.wrong')),
            },
          ]}
        />
      )}
    </p>
  );
};

import type { Server } from '#libs/contract/servers.js';
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { put } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { FormDialog } from '../../ui/form-dialog.js';

/** Where other servers reach this one: a way to its gabungan leads there. */
export const InternalAddress = ({ server }: { server: Server }) => {
  const { t } = useTranslation();
  const { isAdmin } = useMe();
  const client = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const change = async ({ address }: Record<string, string>) => {
    await put(`/servers/${server.name}/internal-address`, { address: address || null });
    await client.invalidateQueries({ queryKey: ['servers'] });
  };
  const shown = server.internalAddress ?? t(server.ssh ? 'server.internalAddress.ssh' : 'server.internalAddress.none');
  return (
    <>
      <span className="soft">
        {t('server.internalAddress')}: {shown}
      </span>{' '}
      {isAdmin && (
        <Button size="compact-xs" variant="subtle" onClick={() => setAsked(true)}>
          {t('server.internalAddress.change')}
        </Button>
      )}
      {isAsked && (
        <FormDialog
          title={`${t('server.internalAddress')}: ${server.name}`}
          verb={t('server.internalAddress.change')}
          onClose={() => setAsked(false)}
          onSubmit={change}
          fields={[
            {
              name: 'address',
              label: t('server.internalAddress'),
              hint: t('server.internalAddress.hint'),
              initial: server.internalAddress ?? '',
              isOptional: true,
            },
          ]}
        />
      )}
    </>
  );
};

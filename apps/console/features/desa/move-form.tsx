import type { Server } from '#libs/contract/servers.js';
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, type Page } from '../../kit/http.js';
import type { Choice } from './plans.js';

interface Props {
  app?: string;
  isBusy: boolean;
  onChoose: (choice: Choice) => void;
}

/** Where to: a server by its name, or the one with the most room. */
export const MoveForm = ({ app = 'opensid', isBusy, onChoose }: Props) => {
  const { t } = useTranslation();
  const [server, setServer] = useState('');
  const servers = useQuery({
    queryKey: ['servers'],
    queryFn: ({ signal }) => get<Page<Server>>('/servers', signal),
    select: ({ items }) => items.map(({ name }) => name),
  });
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault();
        onChoose({ app, ...(server ? { server } : {}) });
      }}
    >
      <NativeSelect
        size="xs"
        label={t('move.to')}
        value={server}
        onChange={(event) => setServer(event.target.value)}
        data={[{ value: '', label: t('move.toRoomiest') }, ...(servers.data ?? [])]}
      />
      <Button type="submit" size="xs" loading={isBusy}>
        {t('plan.make')}
      </Button>
    </form>
  );
};

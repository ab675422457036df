import type { FirstPassword as Told, User } from '#libs/contract/people.js';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post, problemOf } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { Dialog } from '../../ui/dialog.js';
import { ProblemBox } from '../../ui/problem-box.js';
import { FirstPassword } from './first-password.js';
import { ChangeUser } from './user-form.js';

type Act = 'disable' | 'enable' | 'reset-password';

interface AskProps {
  user: User;
  act: Act;
  onClose: () => void;
  onTold: (told: Told) => void;
}

/** What will end, before it ends; the button says the verb and the name. */
const Ask = ({ user: { username }, act, onClose, onTold }: AskProps) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const done = useMutation({
    mutationFn: () => post<Told | User>(`/users/${username}/${act}`),
    onSuccess: async (answer) => {
      await client.invalidateQueries({ queryKey: ['users'] });
      if ('password' in answer) onTold(answer);
      onClose();
    },
    gcTime: 0,
  });
  const verb = t(`user.${act}.of`, { username });
  return (
    <Dialog title={verb} onClose={onClose}>
      <p>{t(`user.${act}.why`)}</p>
      {done.isError && <ProblemBox problem={problemOf(done.error)} />}
      <Button loading={done.isPending} onClick={() => done.mutate()}>
        {verb}
      </Button>
    </Dialog>
  );
};

/** One's own account is neither disabled nor reset from here: its page asks for the old password. */
export const UserActs = ({ user }: { user: User }) => {
  const { t } = useTranslation();
  const isMe = useMe().username === user.username;
  const [act, setAct] = useState<Act | 'change'>();
  const [told, setTold] = useState<Told>();
  const close = () => setAct(undefined);
  const acts: Act[] = isMe ? [] : ['reset-password', user.disabledAt ? 'enable' : 'disable'];
  return (
    <>
      {acts.map((one) => (
        <Button key={one} size="xs" variant="default" onClick={() => setAct(one)}>
          {t(`user.${one}`)}
        </Button>
      ))}
      <Button size="xs" onClick={() => setAct('change')}>
        {t('user.change')}
      </Button>
      {act === 'change' && <ChangeUser user={user} onClose={close} />}
      {act && act !== 'change' && <Ask user={user} act={act} onClose={close} onTold={setTold} />}
      {told && <FirstPassword told={told} onClose={() => setTold(undefined)} />}
    </>
  );
};

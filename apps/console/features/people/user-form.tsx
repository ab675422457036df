import type { FirstPassword, User } from '#libs/contract/people.js';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dotted, titled } from '../../kit/format.js';
import { patch, post } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { FormDialog, type Field } from '../../ui/form-dialog.js';

const roles = ['reader', 'operator', 'admin'] as const;
const everywhere = 'all';

/** Every kabupaten is a choice of its own: a scope is never wide because nothing was chosen. */
const useFields = (known?: User): Field[] => {
  const { t } = useTranslation();
  const me = useMe();
  const choices = me.kabupaten.map(({ code, name }) => ({ value: code, label: `${dotted(code)} ${titled(name)}` }));
  const all = me.isEverywhere ? [{ value: everywhere, label: t('user.everywhere') }] : [];
  const codes = known?.kabupaten.map(({ code }) => code).join(',');
  const only = me.isEverywhere || choices.length > 1 ? '' : choices[0]?.value;
  return [
    { name: 'name', label: t('form.name'), initial: known?.name },
    {
      name: 'role',
      label: t('user.role'),
      hint: t('user.role.hint'),
      kind: 'choice',
      initial: known?.role ?? 'reader',
      choices: roles.map((role) => ({ value: role, label: t(`role.${role}`) })),
    },
    {
      name: 'kabupaten',
      label: t('kabupaten.label'),
      kind: 'several',
      initial: known ? codes || everywhere : only,
      choices: [...all, ...choices],
    },
  ];
};

const wishOf = ({ name, role, kabupaten = '' }: Record<string, string>) => {
  const codes = kabupaten.split(',').filter(Boolean);
  return { name, role, kabupaten: codes.includes(everywhere) ? [] : codes };
};

interface AddProps {
  onClose: () => void;
  onMade: (told: FirstPassword) => void;
}

export const AddUser = ({ onClose, onMade }: AddProps) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const fields = useFields();
  const username: Field = {
    name: 'username',
    label: t('login.username'),
    hint: t('user.username.hint'),
    check: (value) => (/^[a-z][a-z0-9._-]{1,39}$/.test(value) ? null : t('user.username.wrong')),
  };
  const add = async (values: Record<string, string>) => {
    const made = await post<FirstPassword>('/users', { username: values.username, ...wishOf(values) });
    await client.invalidateQueries({ queryKey: ['users'] });
    onMade(made);
  };
  return (
    <FormDialog
      title={t('user.add')}
      verb={t('form.add')}
      fields={[username, ...fields]}
      onClose={onClose}
      onSubmit={add}
    />
  );
};

export const ChangeUser = ({ user, onClose }: { user: User; onClose: () => void }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const save = async (values: Record<string, string>) => {
    await patch(`/users/${user.username}`, wishOf(values));
    await Promise.all([
      client.invalidateQueries({ queryKey: ['users'] }),
      client.invalidateQueries({ queryKey: ['me'] }),
    ]);
  };
  return (
    <FormDialog
      title={t('user.change.of', { username: user.username })}
      verb={t('user.change')}
      fields={useFields(user)}
      onClose={onClose}
      onSubmit={save}
    />
  );
};

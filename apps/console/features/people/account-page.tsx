import type { TokenMade } from '#libs/contract/contract.js';
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { FormDialog } from '../../ui/form-dialog.js';
import { PageHead } from '../../ui/page-head.js';
import { PasswordForm } from './password-form.js';
import { ShownOnce } from './shown-once.js';
import { TokenList } from './token-list.js';
import { useScopeWords } from './user-words.js';

const longest = 365;
const isDays = (value: string) => /^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= longest;

interface AddProps {
  onClose: () => void;
  onMade: (made: TokenMade) => void;
}

const AddToken = ({ onClose, onMade }: AddProps) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const add = async ({ name, days }: Record<string, string>) => {
    const made = await post<TokenMade>('/tokens', { name, days: Number(days) });
    await client.invalidateQueries({ queryKey: ['tokens'] });
    onMade(made);
  };
  return (
    <FormDialog
      title={t('token.add')}
      verb={t('token.add')}
      onClose={onClose}
      onSubmit={add}
      fields={[
        { name: 'name', label: t('form.name'), hint: t('token.name.hint') },
        {
          name: 'days',
          label: t('token.days'),
          initial: '90',
          check: (value) => (isDays(value) ? null : t('token.days.wrong')),
        },
      ]}
    />
  );
};

const OwnTokens = () => {
  const { t } = useTranslation();
  const [isAdding, setAdding] = useState(false);
  const [made, setMade] = useState<TokenMade>();
  return (
    <section className="section" aria-label={t('token.list')}>
      <h2>{t('token.list')}</h2>
      <p className="soft">{t('token.why')}</p>
      <TokenList path="/tokens" />
      <Button size="xs" mt="sm" variant="default" onClick={() => setAdding(true)}>
        {t('token.add')}
      </Button>
      {isAdding && <AddToken onClose={() => setAdding(false)} onMade={setMade} />}
      {made && (
        <ShownOnce
          title={t('token.shown', { name: made.name })}
          why={t('token.once')}
          pairs={[[t('token.label'), made.token]]}
          onClose={() => setMade(undefined)}
        />
      )}
    </section>
  );
};

const AccountPage = () => {
  const { t } = useTranslation();
  const me = useMe();
  const scopeWords = useScopeWords();
  return (
    <>
      <PageHead title={t('account.title')} />
      <dl className="facts">
        <dt>{t('login.username')}</dt>
        <dd>{me.username}</dd>
        <dt>{t('form.name')}</dt>
        <dd>{me.name}</dd>
        <dt>{t('user.role')}</dt>
        <dd>{t(`role.${me.role}`)}</dd>
        <dt>{t('kabupaten.label')}</dt>
        <dd>{scopeWords(me.isEverywhere ? [] : me.kabupaten)}</dd>
      </dl>
      <OwnTokens />
      <section className="section" aria-label={t('password.change')}>
        <h2>{t('password.change')}</h2>
        <p className="soft">{t('password.why')}</p>
        <PasswordForm />
      </section>
    </>
  );
};

export default AccountPage;

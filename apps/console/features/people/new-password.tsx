import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { LanguageButton } from '../../app/account-menu.js';
import { PasswordForm } from './password-form.js';

/** The first thing after a first password, and the only thing until it is done. */
const NewPassword = ({ name }: { name: string }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  useEffect(() => {
    document.title = `${t('password.change')} · SiapPakai`;
  }, [t]);
  return (
    <main style={{ maxWidth: 372, margin: '10vh auto 0', padding: 16 }}>
      <h1>{t('password.first', { name })}</h1>
      <p className="soft">{t('password.first.why')}</p>
      <PasswordForm onChanged={() => client.invalidateQueries({ queryKey: ['me'] })} />
      <p style={{ marginTop: 24 }}>
        <LanguageButton />
      </p>
    </main>
  );
};

export default NewPassword;

import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { remove } from '../kit/http.js';
import { useMe } from '../kit/me.js';
import { currentLanguage, switchLanguage } from '../kit/words.js';

export const LanguageButton = () => {
  const { t } = useTranslation();
  const other = currentLanguage() === 'id' ? 'en' : 'id';
  return (
    <Button
      variant="subtle"
      size="xs"
      px={8}
      flex="none"
      lang={other}
      onClick={() => void switchLanguage(other)}
      title={t('language.switch')}
    >
      {other === 'en' ? 'English' : 'Indonesia'}
    </Button>
  );
};

export const AccountMenu = () => {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const leave = async () => {
    await remove('/session').catch(() => undefined);
    client.clear();
    window.location.assign('/');
  };
  return (
    <>
      <LanguageButton />
      <Link className="link only-wide" to="/account" title={`${t('account.title')}, ${t(`role.${me.role}`)}`}>
        {me.name}
      </Link>
      <Button variant="subtle" size="xs" px={8} flex="none" onClick={() => void leave()}>
        {t('login.leave')}
      </Button>
    </>
  );
};

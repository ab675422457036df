import { Button, Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
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
      <span className="only-wide">
        <LanguageButton />
      </span>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="subtle" size="xs" px={8}>
            {me.name}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t(`role.${me.role}`)}</Menu.Label>
          <Menu.Item onClick={() => void switchLanguage(currentLanguage() === 'id' ? 'en' : 'id')}>
            {t('language.switch')}
          </Menu.Item>
          <Menu.Item onClick={() => void leave()}>{t('login.leave')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
};

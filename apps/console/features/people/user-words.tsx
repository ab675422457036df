import type { User } from '#libs/contract/people.js';
import { useTranslation } from 'react-i18next';
import { dotted, titled } from '../../kit/format.js';
import { StateLook } from '../../ui/look.js';

/** Which kabupaten a user may see, in words. */
export const useScopeWords = () => {
  const { t } = useTranslation();
  return (kabupaten: User['kabupaten']): string =>
    kabupaten.length === 0
      ? t('user.everywhere')
      : kabupaten.map(({ code, name }) => `${dotted(code)} ${titled(name)}`).join(', ');
};

export const UserLook = ({ user: { disabledAt, mustChangePassword } }: { user: User }) => {
  const { t } = useTranslation();
  if (disabledAt) return <StateLook look="held">{t('user.isDisabled')}</StateLook>;
  if (mustChangePassword) return <StateLook look="waiting">{t('user.isNew')}</StateLook>;
  return <StateLook look="good">{t('user.isActive')}</StateLook>;
};

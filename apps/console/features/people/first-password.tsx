import type { FirstPassword as Told } from '#libs/contract/people.js';
import { useTranslation } from 'react-i18next';
import { ShownOnce } from './shown-once.js';

export const FirstPassword = ({ told, onClose }: { told: Told; onClose: () => void }) => {
  const { t } = useTranslation();
  return (
    <ShownOnce
      title={t('user.first', { username: told.username })}
      why={t('user.first.why')}
      pairs={[
        [t('login.username'), told.username],
        [t('login.password'), told.password],
      ]}
      onClose={onClose}
    />
  );
};

import { useTranslation } from 'react-i18next';
import type { Installation } from '#libs/contract/contract.js';
import { differs } from '../kit/state.js';

/** Wanted and observed: one number only when they are the same, and both named when they are not. */
export const Versions = ({ installation }: { installation: Installation }) => {
  const { t } = useTranslation();
  if (!differs(installation)) return <span className="code">{installation.observedVersion ?? t('version.none')}</span>;
  return (
    <span>
      <span className="soft">{t('version.wanted')}</span> <span className="code">{installation.wantedVersion}</span>
      {' · '}
      <span className="soft">{t('version.observed')}</span>{' '}
      <span className="code">{installation.observedVersion ?? t('version.none')}</span>
    </span>
  );
};

import { Button, CopyButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export const Copy = ({ value, label }: { value: string; label?: string }) => {
  const { t } = useTranslation();
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Button variant="subtle" size="compact-xs" onClick={copy}>
          {copied ? t('copy.done') : (label ?? t('copy.do'))}
        </Button>
      )}
    </CopyButton>
  );
};

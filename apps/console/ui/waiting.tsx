import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Loading looks like the rows that will come. */
export const Waiting = ({ rows = 5 }: { rows?: number }) => {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('list.loading')} style={{ padding: '8px 0' }}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={16} my={20} width={`${90 - ((row * 17) % 40)}%`} />
      ))}
    </div>
  );
};

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../kit/http.js';
import { ProblemBox } from './problem-box.js';
import { Waiting } from './waiting.js';

interface Props<T> {
  query: { data: T | undefined; error: Error | null; isPending: boolean; refetch: () => Promise<unknown> };
  isEmpty?: (value: T) => boolean;
  empty?: ReactNode;
  children: (value: T) => ReactNode;
}

/** Loading, failed, forbidden, empty, filled: every list goes through here. Old rows stay on screen when a refresh fails. */
export const Listing = <T,>({ query, isEmpty, empty, children }: Props<T>) => {
  const { t } = useTranslation();
  if (query.isPending) return <Waiting />;
  const failed = query.error ? problemOf(query.error) : null;
  const box = failed && (
    <ProblemBox problem={failed} onRetry={failed.status === 403 ? undefined : () => void query.refetch()} />
  );
  if (query.data === undefined) return box;
  return (
    <>
      {box && (
        <>
          {box}
          <p className="soft">{t('list.stale')}</p>
        </>
      )}
      {isEmpty?.(query.data) ? <div className="none">{empty ?? t('list.empty')}</div> : children(query.data)}
    </>
  );
};

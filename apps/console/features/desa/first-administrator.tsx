import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { post, problemOf } from '../../kit/http.js';
import { Copy } from '../../ui/copy.js';
import { ProblemBox } from '../../ui/problem-box.js';

/** Shown once: the server forgets it when it has told it, and the page keeps it only until it is left. */
export const FirstAdministrator = ({ code, app }: { code: string; app: string }) => {
  const { t } = useTranslation();
  const show = useMutation({
    mutationFn: () => post<{ username: string; password: string }>(`/desa/${code}/administrator`, { app }),
    gcTime: 0,
  });
  if (show.data)
    return (
      <div className="problem notice" style={{ flexBasis: '100%' }} role="status">
        <p>{t('administrator.once')}</p>
        <dl className="facts">
          <dt>{t('login.username')}</dt>
          <dd>
            <span className="code">{show.data.username}</span> <Copy value={show.data.username} />
          </dd>
          <dt>{t('login.password')}</dt>
          <dd>
            <span className="code">{show.data.password}</span> <Copy value={show.data.password} />
          </dd>
        </dl>
      </div>
    );
  return (
    <div>
      <Button size="compact-sm" variant="subtle" loading={show.isPending} onClick={() => show.mutate()}>
        {t('administrator.show')}
      </Button>
      {show.isError && <ProblemBox problem={problemOf(show.error)} />}
    </div>
  );
};

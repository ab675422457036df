import type { Desa, Installation, Run } from '#libs/contract/contract.js';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { duration, moment } from '../../kit/format.js';
import { post, problemOf } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { currentLanguage } from '../../kit/words.js';
import { Copy } from '../../ui/copy.js';
import { Dialog } from '../../ui/dialog.js';
import { ProblemBox } from '../../ui/problem-box.js';

interface Props {
  desa: Desa;
  app: string;
  kept: NonNullable<Installation['kept']>;
}

/** What the old server would forget is read before it does. */
const Settle = ({ desa, app, kept, onClose }: Props & { onClose: () => void }) => {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const settle = useMutation({
    mutationFn: () => post<Run>(`/desa/${desa.code}/settle`, { app }),
    onSuccess: ({ id }) => void navigate(`/runs/${id}`),
  });
  return (
    <Dialog title={t('move.settle.do')} onClose={onClose}>
      <p>{t('move.settle.why', { server: kept.server, domain: desa.domain, dns: kept.dns })}</p>
      {settle.isError && <ProblemBox problem={problemOf(settle.error)} />}
      <Button loading={settle.isPending} onClick={() => settle.mutate()}>
        {t('move.settle.do')}
      </Button>
    </Dialog>
  );
};

/** After a move: which DNS record to change, until when the old server passes visitors on, and how long the desa was away. */
export const KeptPlace = ({ desa, app, kept }: Props) => {
  const { t } = useTranslation();
  const { mayChange } = useMe();
  const [isAsking, setAsking] = useState(false);
  const language = currentLanguage();
  const long = (seconds: number): string => duration(seconds, language);
  return (
    <div style={{ flexBasis: '100%' }}>
      <p style={{ margin: 0 }}>
        {t('move.kept', { server: kept.server, until: moment(kept.until, desa.zone, language) })}{' '}
        {t('move.dns', { domain: desa.domain })} <span className="code">{kept.dns}</span> <Copy value={kept.dns} />
      </p>
      {kept.downtimeSeconds !== null && (
        <p className="soft" style={{ margin: 0 }}>
          {t('move.downtime', { time: long(kept.downtimeSeconds) })}
          {kept.predictedSeconds !== null && ` ${t('move.predicted', { time: long(kept.predictedSeconds) })}`}
        </p>
      )}
      {mayChange && (
        <Button size="compact-sm" variant="subtle" onClick={() => setAsking(true)}>
          {t('move.settle.do')}
        </Button>
      )}
      {isAsking && <Settle desa={desa} app={app} kept={kept} onClose={() => setAsking(false)} />}
    </div>
  );
};

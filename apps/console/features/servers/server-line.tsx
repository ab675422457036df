import type { Run } from '#libs/contract/contract.js';
import type { Server } from '#libs/contract/servers.js';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { moment } from '../../kit/format.js';
import { post, problemOf } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { currentLanguage } from '../../kit/words.js';
import { Copy } from '../../ui/copy.js';
import { ProblemBox } from '../../ui/problem-box.js';

/** Whether work goes there, and since when it does not. */
export const CircuitLine = ({ circuit }: { circuit: Server['circuit'] }) => {
  const { t } = useTranslation();
  if (circuit.state === 'closed') return null;
  const since = moment(circuit.since, 'WIB', currentLanguage());
  return (
    <div style={{ flexBasis: '100%' }}>
      <p className="look-broken">{t(`server.circuit.${circuit.state}`, { since })}</p>
      {circuit.problem && <ProblemBox problem={circuit.problem} />}
    </div>
  );
};

/** The fingerprint is compared by a person; the button names what is confirmed. */
const Trust = ({ server, shown }: { server: Server; shown: string }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const trust = useMutation({
    mutationFn: () => post(`/servers/${server.name}/trust`, { fingerprint: shown }),
    onSettled: () => client.invalidateQueries({ queryKey: ['servers'] }),
  });
  return (
    <>
      <p>{t('server.trust.why')}</p>
      <Button size="compact-sm" loading={trust.isPending} onClick={() => trust.mutate()}>
        {t('server.trust.do')}
      </Button>
      {trust.isError && <ProblemBox problem={problemOf(trust.error)} />}
    </>
  );
};

const Enrol = ({ server }: { server: Server }) => {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const enrol = useMutation({
    mutationFn: () => post<Run>(`/servers/${server.name}/enrol`, {}),
    onSuccess: ({ id }) => void navigate(`/runs/${id}`),
  });
  return (
    <>
      <Button size="compact-sm" loading={enrol.isPending} onClick={() => enrol.mutate()}>
        {t('server.enrol.do')}
      </Button>
      {enrol.isError && <ProblemBox problem={problemOf(enrol.error)} />}
    </>
  );
};

/** What a server over SSH still needs of a person: a key to paste, a fingerprint to confirm, its check-list. */
export const SshLine = ({ server }: { server: Server }) => {
  const { t } = useTranslation();
  const { isAdmin } = useMe();
  const { ssh } = server;
  const isConfirmed = ssh !== null && ssh.hostKey !== null && ssh.hostKey === (ssh.hostKeyShown ?? ssh.hostKey);
  if (!ssh || (ssh.enrolledAt && isConfirmed)) return null;
  return (
    <div style={{ flexBasis: '100%' }}>
      {ssh.publicLine && (
        <p>
          {t('server.key.paste')} <span className="code">{ssh.publicLine}</span> <Copy value={ssh.publicLine} />
        </p>
      )}
      <p>
        {t('server.hostKey.shown')} <span className="code">{ssh.hostKeyShown ?? '–'}</span>
        {ssh.hostKey && (
          <>
            <br />
            {t('server.hostKey.confirmed')} <span className="code">{ssh.hostKey}</span>
          </>
        )}
      </p>
      {isAdmin && !isConfirmed && ssh.hostKeyShown && <Trust server={server} shown={ssh.hostKeyShown} />}
      {isAdmin && isConfirmed && !ssh.enrolledAt && <Enrol server={server} />}
    </div>
  );
};

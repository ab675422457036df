import type { Server } from '#libs/contract/servers.js';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAdding } from '../../kit/adding.js';
import { moment } from '../../kit/format.js';
import { get, post, problemOf, type Page } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { currentLanguage } from '../../kit/words.js';
import { useZone } from '../../kit/zone.js';
import { ListPage } from '../../ui/list-page.js';
import { StateLook } from '../../ui/look.js';
import { ProblemBox } from '../../ui/problem-box.js';
import { AddServer } from './add-server.js';
import { HttpsLine } from './https-line.js';
import { InternalAddress } from './internal-address.js';
import { CircuitLine, SshLine } from './server-line.js';

const Facts = ({ facts }: { facts: Server['facts'] }) => {
  const shown = Object.entries(facts ?? {}).filter(([, value]) => typeof value !== 'object');
  return <span className="soft">{shown.map(([name, value]) => `${name} ${String(value)}`).join(' · ')}</span>;
};

const ServerRow = ({ server }: { server: Server }) => {
  const { t } = useTranslation();
  const zone = useZone(server.kabupatenId);
  const { isAdmin } = useMe();
  const client = useQueryClient();
  const check = useMutation({
    mutationFn: () => post(`/servers/${server.name}/check`),
    onSettled: () => client.invalidateQueries({ queryKey: ['servers'] }),
  });
  const isReady = server.checkedAt && (!server.ssh || server.ssh.enrolledAt);
  const look = server.problem || server.circuit.state !== 'closed' ? 'broken' : isReady ? 'good' : 'waiting';
  return (
    <li>
      <span style={{ minWidth: 150 }}>
        <StateLook look={look}>{t(`server.${look}`)}</StateLook>
      </span>
      <strong style={{ minWidth: 110 }}>{server.name}</strong>
      <span className="grow">
        <span className="code">{server.address}</span>{' '}
        <span className="soft">{t('server.port', { port: server.httpPort })}</span>
        <br />
        <Facts facts={server.facts} />
        <br />
        <InternalAddress server={server} />
      </span>
      <span className="soft">{t('seen.at', { time: moment(server.checkedAt, zone, currentLanguage()) })}</span>
      <Link className="link" to={`/drift?server=${server.name}`}>
        {t('nav.drift')}
      </Link>
      {isAdmin && (
        <Button size="compact-sm" variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          {t('check.do')}
        </Button>
      )}
      <CircuitLine circuit={server.circuit} />
      <SshLine server={server} />
      <HttpsLine server={server} />
      {server.problem && (
        <p style={{ flexBasis: '100%', margin: 0 }} className="look-broken">
          {server.problem}
        </p>
      )}
      {check.isError && (
        <div style={{ flexBasis: '100%' }}>
          <ProblemBox problem={problemOf(check.error)} />
        </div>
      )}
    </li>
  );
};

const ServerList = () => {
  const { t } = useTranslation();
  const { isAdmin } = useMe();
  const adding = useAdding();
  const servers = useQuery({
    queryKey: ['servers'],
    queryFn: ({ signal }) => get<Page<Server>>('/servers', signal),
    select: ({ items }) => items,
    refetchInterval: 30_000,
  });
  return (
    <>
      <ListPage
        title={t('nav.servers')}
        add={{ label: t('server.add'), isAllowed: isAdmin, open: adding.open }}
        query={servers}
        empty={t('server.none')}
      >
        {(items) => (
          <ul className="line-list">
            {items.map((server) => (
              <ServerRow key={server.id} server={server} />
            ))}
          </ul>
        )}
      </ListPage>
      {adding.isAdding && <AddServer onClose={adding.close} />}
    </>
  );
};

export default ServerList;

import type { Desa, Installation, Run } from '#libs/contract/contract.js';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconExternalLink } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { dotted, fullName, moment } from '../../kit/format.js';
import { get, query, type Page } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { installationLook } from '../../kit/state.js';
import { currentLanguage, wordFor } from '../../kit/words.js';
import { Copy } from '../../ui/copy.js';
import { Listing } from '../../ui/listing.js';
import { StateLook } from '../../ui/look.js';
import { PageHead } from '../../ui/page-head.js';
import { RunLine } from '../../ui/run-line.js';
import { Versions } from '../../ui/versions.js';
import { DesaHold } from '../holds/desa-hold.js';
import { useHolds } from '../holds/holds.js';
import { Subscription } from '../subscription/subscription.js';
import { FirstAdministrator } from './first-administrator.js';
import { KeptPlace } from './kept-place.js';
import type { Act } from './plans.js';

const Acts = ({ desa, installation }: { desa: Desa; installation?: Installation }) => {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const plan = (act: Act) =>
    void navigate('/desa/plan', { state: { codes: [desa.code], act, app: installation?.app } });
  if (installation?.openRunId)
    return (
      <Link className="link" to={`/runs/${installation.openRunId}`}>
        {t('runs.seeRun')}
      </Link>
    );
  if (!installation || installation.state === 'absent')
    return (
      <Button size="compact-sm" onClick={() => plan('install')}>
        {t('desa.install.plan')}
      </Button>
    );
  return (
    <>
      <Button size="compact-sm" onClick={() => plan('update')}>
        {t('desa.update.plan')}
      </Button>
      {!installation.kept && (
        <Button size="compact-sm" variant="subtle" onClick={() => plan('move')}>
          {t('desa.move.plan')}
        </Button>
      )}
      <Button size="compact-sm" variant="subtle" onClick={() => plan('remove')}>
        {t('desa.remove.plan')}
      </Button>
    </>
  );
};

const InstallationLine = ({ desa, installation }: { desa: Desa; installation: Installation }) => {
  const { t } = useTranslation();
  const { mayChange, isAdmin } = useMe();
  const isThere = installation.state === 'running' || installation.state === 'updating';
  return (
    <li>
      <span style={{ minWidth: 150 }}>
        <StateLook look={installationLook(installation)}>{t(`installation.${installation.state}`)}</StateLook>
      </span>
      <strong style={{ minWidth: 90 }}>{wordFor('app', installation.app)}</strong>
      <span className="grow">
        <Versions installation={installation} />
        <br />
        <span className="soft">
          {t('seen.at', { time: moment(installation.observedAt, desa.zone, currentLanguage()) })}
          {installation.observedTitle && ` · ${t('desa.answeredAs', { title: installation.observedTitle })}`}
          {` · ${installation.server}`}
          {installation.gabungan && ` · ${installation.gabungan}`}
          {` · ${t(`isolation.${installation.isolation}`)}`}
        </span>
      </span>
      {isThere && (
        <a className="link" href={desa.url} target="_blank" rel="noreferrer">
          {t('desa.open')} <IconExternalLink size={14} aria-hidden />
        </a>
      )}
      {installation.problem && (
        <p className="look-broken" style={{ flexBasis: '100%', margin: 0 }}>
          {installation.problem}
        </p>
      )}
      {installation.kept && <KeptPlace desa={desa} app={installation.app} kept={installation.kept} />}
      <div style={{ flexBasis: '100%', display: 'flex', flexWrap: 'wrap', gap: 8, padding: '4px 0' }}>
        {mayChange && <Acts desa={desa} installation={installation} />}
        {isAdmin && isThere && <FirstAdministrator code={desa.code} app={installation.app} />}
      </div>
    </li>
  );
};

const History = ({ desa }: { desa: Desa }) => {
  const { t } = useTranslation();
  const runs = useQuery({
    queryKey: ['runs', 'list', desa.code],
    queryFn: ({ signal }) => get<Page<Run>>(`/runs${query({ subjectId: desa.id, limit: 50 })}`, signal),
    refetchInterval: 5_000,
  });
  return (
    <section className="section" aria-label={t('desa.history')}>
      <h2>{t('desa.history')}</h2>
      <Listing query={runs} isEmpty={({ items }) => items.length === 0} empty={t('desa.history.none')}>
        {({ items }) => (
          <ul className="line-list">
            {items.map((run) => (
              <RunLine key={run.id} run={run} zone={desa.zone} />
            ))}
          </ul>
        )}
      </Listing>
    </section>
  );
};

const DesaView = ({ desa }: { desa: Desa }) => {
  const { t } = useTranslation();
  const { mayChange } = useMe();
  const isHeld = useHolds().data?.has(desa.code);
  return (
    <>
      {isHeld && <StateLook look="held">{t('hold.held')}</StateLook>}
      <p className="soft" style={{ margin: 0 }}>
        <span className="code">{dotted(desa.code)}</span> <Copy value={desa.code} /> ·{' '}
        {t('desa.in', { kecamatan: desa.kecamatanName })} · <span className="code">{desa.domain}</span> · {desa.zone}
      </p>
      <section className="section" aria-label={t('desa.apps')}>
        <h2>{t('desa.apps')}</h2>
        {desa.installations.length === 0 && <p className="none">{t('desa.apps.none', { sebutan: desa.sebutan })}</p>}
        <ul className="line-list">
          {desa.installations.map((installation) => (
            <InstallationLine key={installation.app} desa={desa} installation={installation} />
          ))}
        </ul>
        {desa.installations.length === 0 && mayChange && <Acts desa={desa} />}
      </section>
      <Subscription
        path={`/desa/${desa.code}`}
        known={desa.subscription}
        hint={t('subscription.hint.desa')}
        mayChange={mayChange}
      />
      <DesaHold desa={desa} />
      <History desa={desa} />
      {desa.note && (
        <section className="section" aria-label={t('desa.note')}>
          <h2>{t('desa.note')}</h2>
          <p>{desa.note}</p>
        </section>
      )}
    </>
  );
};

const DesaPage = () => {
  const { code = '' } = useParams();
  const desa = useQuery({
    queryKey: ['desa', code],
    queryFn: ({ signal }) => get<Desa>(`/desa/${code}`, signal),
    refetchInterval: 5_000,
  });
  return (
    <>
      <PageHead title={desa.data ? fullName(desa.data) : dotted(code)} />
      <Listing query={desa}>{(view) => <DesaView desa={view} />}</Listing>
    </>
  );
};

export default DesaPage;

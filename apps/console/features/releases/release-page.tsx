import type { LogLine, Release, Run } from '#libs/contract/contract.js';
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { moment, number } from '../../kit/format.js';
import { get, post, problemOf, query, type Page } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { releaseLook } from '../../kit/state.js';
import { currentLanguage, wordFor } from '../../kit/words.js';
import { useZone } from '../../kit/zone.js';
import { Copy } from '../../ui/copy.js';
import { Listing } from '../../ui/listing.js';
import { StateLook } from '../../ui/look.js';
import { PageHead } from '../../ui/page-head.js';
import { ProblemBox } from '../../ui/problem-box.js';
import { LogView } from '../../ui/log-view.js';
import { Shipments } from './shipments.js';
import { WithdrawRelease } from './withdraw-release.js';

const Facts = ({ release }: { release: Release }) => {
  const { t } = useTranslation();
  const zone = useZone();
  const language = currentLanguage();
  return (
    <dl className="facts">
      <dt>{t('table.state')}</dt>
      <dd>
        <StateLook look={releaseLook[release.state]}>{t(`release.${release.state}`)}</StateLook>
      </dd>
      <dt>{t('edition.label')}</dt>
      <dd>{release.edition}</dd>
      <dt>{t('release.source')}</dt>
      <dd>{release.source}</dd>
      <dt>sha256</dt>
      <dd>
        <span className="code">{release.sha256}</span> <Copy value={release.sha256} />
      </dd>
      <dt>PHP</dt>
      <dd>{release.php}</dd>
      <dt>{t('release.database')}</dt>
      <dd className="code">{release.databaseVersion ?? '–'}</dd>
      <dt>{t('release.minimum')}</dt>
      <dd className="code">{release.minimumVersion ?? '–'}</dd>
      <dt>{t('release.image')}</dt>
      <dd className="code">{release.imageId ?? t('version.none')}</dd>
      <dt>{t('release.builtAt')}</dt>
      <dd>{moment(release.builtAt, zone, language)}</dd>
      <dt>{t('release.usedBy')}</dt>
      <dd>
        <Link className="link" to={`/desa${query({ app: release.app, version: release.version })}`}>
          {t('home.desaOn', { amount: number(release.usedBy, language), version: release.version })}
        </Link>
      </dd>
    </dl>
  );
};

const Build = ({ release }: { release: Release }) => {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const build = useMutation({
    mutationFn: () => post<Run>(`/releases/${release.app}/${release.version}/build`),
    onSuccess: (run) => void navigate(`/runs/${run.id}`),
  });
  if (release.state !== 'added' && release.state !== 'failed') return null;
  return (
    <>
      <p className="soft">{t('release.build.why')}</p>
      <Button size="xs" loading={build.isPending} onClick={() => build.mutate()}>
        {t('release.build')}
      </Button>
      {build.isError && <ProblemBox problem={problemOf(build.error)} />}
    </>
  );
};

const BuildLog = ({ release }: { release: Release }) => {
  const { t } = useTranslation();
  const log = useQuery({
    queryKey: ['releases', release.app, release.version, 'log'],
    queryFn: ({ signal }) => get<LogLine[] | Page<LogLine>>(`/releases/${release.app}/${release.version}/log`, signal),
    refetchInterval: release.state === 'building' ? 2_000 : false,
  });
  return (
    <section className="section" aria-label={t('release.log')}>
      <h2>{t('release.log')}</h2>
      <Listing
        query={log}
        isEmpty={(lines) => (Array.isArray(lines) ? lines : lines.items).length === 0}
        empty={t('release.log.none')}
      >
        {(lines) => <LogView lines={Array.isArray(lines) ? lines : lines.items} label={t('release.log')} />}
      </Listing>
    </section>
  );
};

const ReleasePage = () => {
  const { app = '', version = '' } = useParams();
  const { mayChange } = useMe();
  const found = useQuery({
    queryKey: ['releases', app, version],
    queryFn: async ({ signal }) => {
      const { items } = await get<Page<Release>>(`/releases${query({ limit: 500 })}`, signal);
      return items.filter((release) => release.app === app && release.version === version);
    },
    refetchInterval: 5_000,
  });
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={`${wordFor('app', app)} ${version}`} />
      <Listing query={found} isEmpty={(releases) => releases.length === 0} empty={t('release.unknown')}>
        {(releases) =>
          releases.slice(0, 1).map((release) => (
            <div key={release.id}>
              {release.problem && <ProblemBox problem={release.problem} />}
              {mayChange && <Build release={release} />}
              <Facts release={release} />
              <Shipments release={release} />
              <WithdrawRelease release={release} />
              <BuildLog release={release} />
            </div>
          ))
        }
      </Listing>
    </>
  );
};

export default ReleasePage;

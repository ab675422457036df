import type { Home as HomeView } from '#libs/contract/contract.js';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { RunningRollouts, useRunningRollouts } from './running-rollouts.js';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { get } from '../../kit/http.js';
import { number } from '../../kit/format.js';
import type { Look } from '../../kit/state.js';
import { currentLanguage } from '../../kit/words.js';
import { Listing } from '../../ui/listing.js';
import { StateLook } from '../../ui/look.js';
import { PageHead } from '../../ui/page-head.js';
import { RunLine } from '../../ui/run-line.js';
import { FirstUse } from './first-use.js';
import { VersionBars } from './version-bars.js';

const busyRefresh = 3_000;
const calmRefresh = 15_000;

const Section = ({
  title,
  count,
  none,
  children,
}: {
  title: string;
  count: number;
  none: string;
  children: ReactNode;
}) => (
  <section className="section" aria-label={title}>
    <h2>
      {title} {count > 0 && <span className="soft">{number(count, currentLanguage())}</span>}
    </h2>
    {count > 0 ? <ul className="line-list">{children}</ul> : <p className="none">{none}</p>}
  </section>
);

/** A rollout that was paused is not broken: its sites run. */
const troubleLook = (link: string): Look => (link.startsWith('/rollouts/') ? 'attention' : 'broken');

const Matters = ({ items, lookOf }: { items: HomeView['waiting']; lookOf: (link: string) => Look }) =>
  items.map((item) => (
    <li key={`${item.kind} ${item.link} ${item.text}`}>
      <span style={{ minWidth: 150 }}>
        <StateLook look={lookOf(item.link)} />
      </span>
      <Link className="grow link" to={item.link}>
        {item.text}
      </Link>
    </li>
  ));

const Lists = ({ home }: { home: HomeView }) => {
  const { t } = useTranslation();
  const rollouts = useRunningRollouts();
  return (
    <>
      <Section title={t('home.waiting')} count={home.waiting.length} none={t('home.waiting.none')}>
        <Matters items={home.waiting} lookOf={() => 'waiting'} />
      </Section>
      <Section title={t('home.broken')} count={home.broken.length} none={t('home.broken.none')}>
        <Matters items={home.broken} lookOf={troubleLook} />
      </Section>
      <Section title={t('home.running')} count={home.running.length + rollouts.length} none={t('home.running.none')}>
        <RunningRollouts rollouts={rollouts} />
        {home.running.map((run) => (
          <RunLine key={run.id} run={run} />
        ))}
      </Section>
      <VersionBars versions={home.versions} />
    </>
  );
};

const Home = () => {
  const { t } = useTranslation();
  const home = useQuery({
    queryKey: ['home'],
    queryFn: ({ signal }) => get<HomeView>('/home', signal),
    refetchInterval: ({ state }) => (state.data?.running.length ? busyRefresh : calmRefresh),
  });
  return (
    <>
      <PageHead title={t('nav.home')} />
      <FirstUse />
      <Listing query={home}>{(view) => <Lists home={view} />}</Listing>
    </>
  );
};

export default Home;

import type { Drift, DriftList, Look, Repairs } from '#libs/contract/looks.js';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { moment, number } from '../../kit/format.js';
import { problemOf } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { currentLanguage } from '../../kit/words.js';
import { Listing } from '../../ui/listing.js';
import { PageHead } from '../../ui/page-head.js';
import { ProblemBox } from '../../ui/problem-box.js';
import { DriftLine, GoneLine } from './drift-line.js';
import { useDrift, useRepairAll } from './drift.js';
import { RepairDialog } from './repair-dialog.js';
import { RepairPolicy } from './repair-policy.js';

const LookLine = ({ look }: { look: Look }) => {
  const { t } = useTranslation();
  const time = moment(look.lookedAt, 'WIB', currentLanguage());
  return (
    <li>
      <Link className="link" to={`/drift?server=${look.server}`}>
        {look.server}
      </Link>
      <span className="soft grow">{look.lookedAt ? t('drift.lookedAt', { time }) : t('drift.notYet')}</span>
      {look.problem && <span className="look-attention">{t('drift.lookFailed', { code: look.problem })}</span>}
    </li>
  );
};

const Begun = ({ repairs }: { repairs: Repairs }) => {
  const { t } = useTranslation();
  return (
    <div role="status">
      <p>
        {t('drift.all.begun', { amount: repairs.runs.length })}{' '}
        <Link className="link" to="/runs">
          {t('nav.runs')}
        </Link>
      </p>
      {repairs.left.map(({ id, subject, problem }) => (
        <ProblemBox key={id} problem={{ ...problem, title: `${subject}: ${problem.title}` }} />
      ))}
    </div>
  );
};

const Sections = ({ found, server }: { found: DriftList; server: string }) => {
  const { t } = useTranslation();
  const { mayChange } = useMe();
  const [chosen, setChosen] = useState<Drift | null>(null);
  const all = useRepairAll();
  const repairable = found.open.filter(({ repairedBy, kind }) => repairedBy && kind !== 'container-unknown');
  const amount = number(repairable.length, currentLanguage());
  return (
    <>
      <section className="section" aria-label={t('drift.open')}>
        <h2>{t('drift.open')}</h2>
        {found.open.length === 0 ? (
          <p className="none">{t('drift.none')}</p>
        ) : (
          <ul className="line-list">
            {found.open.map((drift) => (
              <DriftLine key={drift.id} drift={drift} onRepair={setChosen} />
            ))}
          </ul>
        )}
        {mayChange && repairable.length > 1 && !all.isSuccess && (
          <Button mt="md" size="xs" loading={all.isPending} onClick={() => all.mutate(server)}>
            {t('drift.all.do', { amount })}
          </Button>
        )}
        {all.isSuccess && <Begun repairs={all.data} />}
        {all.isError && <ProblemBox problem={problemOf(all.error)} />}
      </section>
      <section className="section" aria-label={t('drift.looks')}>
        <h2>{t('drift.looks')}</h2>
        <ul className="line-list">
          {found.looks.map((look) => (
            <LookLine key={look.server} look={look} />
          ))}
        </ul>
      </section>
      {found.gone.length > 0 && (
        <details>
          <summary>{t('drift.history', { amount: found.gone.length })}</summary>
          <ul className="line-list">
            {found.gone.map((drift) => (
              <GoneLine key={drift.id} drift={drift} />
            ))}
          </ul>
        </details>
      )}
      {chosen && <RepairDialog drift={chosen} onClose={() => setChosen(null)} />}
    </>
  );
};

const DriftPage = () => {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const server = search.get('server') ?? '';
  const found = useDrift(server);
  return (
    <>
      <PageHead title={server ? t('drift.titleOf', { server }) : t('nav.drift')}>
        {server && (
          <Link className="link" to="/drift">
            {t('drift.everyServer')}
          </Link>
        )}
      </PageHead>
      <Listing query={found}>{(list) => <Sections found={list} server={server} />}</Listing>
      <RepairPolicy />
    </>
  );
};

export default DriftPage;

import type { RolloutWhole } from '#libs/contract/rollouts.js';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { duration, between, moment } from '../../kit/format.js';
import { useRollout, useRolloutAct } from './use-rollout.js';
import { query } from '../../kit/http.js';
import { currentLanguage, wordFor } from '../../kit/words.js';
import { useZone } from '../../kit/zone.js';
import { Copy } from '../../ui/copy.js';
import { Listing } from '../../ui/listing.js';
import { PageHead } from '../../ui/page-head.js';
import { ProblemBox } from '../../ui/problem-box.js';
import { ActBar } from './act-bar.js';
import { Failures } from './failures.js';
import { NextUp } from './next-up.js';
import { PhaseLine } from './phase-line.js';
import { PlanSummary } from './plan-summary.js';
import { PlanTable } from './plan-view.js';
import { RehearsalView } from './rehearsal-view.js';
import { gateForPerson } from './sums.js';
import { WaveList } from './wave-list.js';

const Facts = ({ rollout }: { rollout: RolloutWhole }) => {
  const { t } = useTranslation();
  const zone = useZone(rollout.kabupatenId);
  const language = currentLanguage();
  const seconds = rollout.endedAt ? between(rollout.startedAt, rollout.endedAt) : null;
  return (
    <p className="soft">
      <Link className="link" to={`/gabungan/${rollout.gabungan}`}>
        {rollout.gabungan}
      </Link>
      {` · ${t('run.askedBy', { who: rollout.askedBy, time: moment(rollout.createdAt, zone, language) })}`}
      {rollout.approvedBy && ` · ${t('rollout.approvedBy', { who: rollout.approvedBy })}`}
      {seconds !== null && ` · ${t('run.took', { time: duration(seconds, language) })}`}
      {` · ${t('rollout.hash')} `}
      <span className="code">{rollout.planHash.slice(0, 12)}</span> <Copy value={rollout.planHash} />
    </p>
  );
};

/** A plan is for reading before anything moves; afterwards it is the evidence at the end of the page. */
const PlanSection = ({ rollout }: { rollout: RolloutWhole }) => {
  const { t } = useTranslation();
  const again = query({ gabungan: rollout.gabungan, app: rollout.app, version: rollout.version });
  const hasBegun = rollout.startedAt !== null;
  return (
    <section className="section" aria-label={t('plan.title')}>
      <h2>
        {t('plan.title')} {!hasBegun && <span className="soft">{t('plan.nothingChanged')}</span>}
      </h2>
      {rollout.state === 'draft' && (
        <p>
          {t('rollout.hash')} <span className="code anywhere">{rollout.planHash}</span>{' '}
          <Copy value={rollout.planHash} />
          <br />
          <span className="soft">{t('rollout.approve.what')}</span>
        </p>
      )}
      <PlanSummary plan={rollout.plan} isRehearsed={rollout.rehearsal !== null} />
      <p className="soft">
        {t('rollout.plan.why')}{' '}
        <Link className="link" to={`/rollouts/new${again}`}>
          {t('rollout.plan.again')}
        </Link>
      </p>
      <PlanTable plan={rollout.plan} desa={hasBegun ? rollout.desa : undefined} />
    </section>
  );
};

const RolloutView = ({ rollout }: { rollout: RolloutWhole }) => {
  const acting = useRolloutAct(rollout.id);
  const zone = useZone(rollout.kabupatenId);
  const gate = gateForPerson(rollout);
  const isDraft = rollout.state === 'draft' || rollout.state === 'approved';
  return (
    <>
      <ActBar rollout={rollout} acting={acting} />
      <Facts rollout={rollout} />
      {rollout.problem && <ProblemBox problem={rollout.problem} />}
      <PhaseLine rollout={rollout} />
      <Failures rollout={rollout} acting={acting} />
      {isDraft && <PlanSection rollout={rollout} />}
      {!isDraft && (
        <WaveList waves={rollout.waves} zone={zone} isGateOpen={({ position }) => gate?.position === position} />
      )}
      {!isDraft && <NextUp rollout={rollout} />}
      <RehearsalView rollout={rollout} />
      {!isDraft && <PlanSection rollout={rollout} />}
    </>
  );
};

const LiveRollout = ({ id }: { id: string }) => {
  const { t } = useTranslation();
  const { rollout, isConnected } = useRollout(id);
  const title = rollout.data
    ? `${wordFor('app', rollout.data.app)} ${rollout.data.version} · ${rollout.data.gabungan}`
    : t('nav.rollouts');
  return (
    <>
      <PageHead title={title} />
      <div role="status">{!isConnected && <p className="problem notice">{t('run.disconnected')}</p>}</div>
      <Listing query={rollout}>{(view) => <RolloutView rollout={view} />}</Listing>
    </>
  );
};

const RolloutPage = () => {
  const { id = '' } = useParams();
  return <LiveRollout key={id} id={id} />;
};

export default RolloutPage;

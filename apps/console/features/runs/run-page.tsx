import type { RunWithSteps } from '#libs/contract/contract.js';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { between, duration, moment, undotted } from '../../kit/format.js';
import { useRun } from '../../kit/live.js';
import { useNow } from '../../kit/now.js';
import { hasEnded, runLook } from '../../kit/state.js';
import { currentLanguage, wordFor } from '../../kit/words.js';
import { useZone } from '../../kit/zone.js';
import { Copy } from '../../ui/copy.js';
import { Listing } from '../../ui/listing.js';
import { LogView } from '../../ui/log-view.js';
import { StateLook } from '../../ui/look.js';
import { PageHead } from '../../ui/page-head.js';
import { ProblemBox } from '../../ui/problem-box.js';
import { runTitle } from '../../ui/run-line.js';
import { RunActs } from './run-acts.js';
import { StepList } from './step-list.js';

const subjectLink = (run: RunWithSteps) => {
  // A desa is labelled by its code and name.
  const code = undotted(run.subjectLabel.split(' ')[0] ?? '');
  if (run.subjectKind === 'desa')
    return /^\d{10}$/.test(code) ? `/desa/${code}` : `/desa?q=${encodeURIComponent(run.subjectLabel)}`;
  if (run.subjectKind === 'server') return '/servers';
  return run.subjectKind === 'gabungan'
    ? `/gabungan/${run.subjectLabel}`
    : `/releases?q=${encodeURIComponent(run.subjectLabel)}`;
};

/** Step n of m, the current sentence, elapsed and expected time: told politely to a screen reader too. */
const Progress = ({ run, now }: { run: RunWithSteps; now: number }) => {
  const { t } = useTranslation();
  const language = currentLanguage();
  const ended = run.steps.filter(({ state }) => ['done', 'skipped', 'undone'].includes(state)).length;
  const current = run.steps.find(({ state }) => state === 'running' || state === 'undoing');
  const elapsed = between(run.startedAt, run.endedAt, now) ?? 0;
  const share = run.steps.length ? Math.round((ended / run.steps.length) * 100) : 0;
  return (
    <>
      <div
        className="progress"
        role="progressbar"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share}
        aria-label={t('run.progress')}
      >
        <span style={{ width: `${share}%` }} />
      </div>
      <p style={{ margin: '4px 0' }} aria-live="polite">
        {current
          ? t('run.stepOf', {
              position: current.position + 1,
              total: run.steps.length,
              name: wordFor('step', current.name),
            })
          : t('run.starting')}
      </p>
      <p className="soft" style={{ margin: '4px 0' }}>
        {t('run.elapsed', { time: duration(elapsed, language) })}
        {run.expectedSeconds !== null && ` · ${t('run.expected', { time: duration(run.expectedSeconds, language) })}`}
        {` · ${t('run.mayClose')}`}
      </p>
    </>
  );
};

const Facts = ({ run }: { run: RunWithSteps }) => {
  const { t } = useTranslation();
  const zone = useZone(run.kabupatenId);
  const language = currentLanguage();
  const seconds = between(run.startedAt, run.endedAt);
  return (
    <p className="soft" style={{ margin: '4px 0' }}>
      <Link className="link" to={subjectLink(run)}>
        {run.subjectLabel}
      </Link>
      {` · ${t('run.askedBy', { who: run.askedBy, time: moment(run.createdAt, zone, language) })}`}
      {hasEnded(run.state) && seconds !== null && ` · ${t('run.took', { time: duration(seconds, language) })}`}
      {' · '}
      <span className="code">{run.id.slice(0, 8)}</span> <Copy value={run.id} />
    </p>
  );
};

const RunView = ({ run }: { run: RunWithSteps }) => {
  const { t } = useTranslation();
  const isOpen = !hasEnded(run.state);
  const now = useNow(isOpen);
  const isPlan = run.state === 'done' && run.steps.length > 0 && run.steps.every(({ state }) => state === 'waiting');
  return (
    <>
      <StateLook look={runLook[run.state]}>{isPlan ? t('run.plan') : t(`run.${run.state}`)}</StateLook>
      <Facts run={run} />
      {run.waiting && <div className="problem wait">{t('run.waitsFor', { what: run.waiting })}</div>}
      {(run.state === 'running' || run.state === 'undoing') && <Progress run={run} now={now} />}
      {run.state === 'undone' && <p>{t('run.undone.text')}</p>}
      {run.state === 'broken' && <p>{t('run.broken.text')}</p>}
      {run.problem && <ProblemBox problem={run.problem} runId={run.id} />}
      <RunActs run={run} />
      <section className="section" aria-label={t('run.steps')}>
        <h2>{t('run.steps')}</h2>
        {run.steps.length ? (
          <StepList steps={run.steps} isPlan={isPlan} runId={run.id} now={now} />
        ) : (
          <p className="none">{t('run.steps.none')}</p>
        )}
      </section>
    </>
  );
};

const LiveRun = ({ id }: { id: string }) => {
  const { t } = useTranslation();
  const { run, lines, isConnected } = useRun(id);
  return (
    <>
      <PageHead title={run.data ? runTitle(run.data) : t('nav.runs')} />
      <div role="status">{!isConnected && <p className="problem notice">{t('run.disconnected')}</p>}</div>
      <Listing query={run}>
        {(view) => (
          <>
            <RunView run={view} />
            <section className="section" aria-label={t('run.log')}>
              <h2>{t('run.log')}</h2>
              {lines.length ? (
                <LogView lines={lines} label={t('run.log')} kabupatenId={view.kabupatenId} />
              ) : (
                <p className="none">{t('run.log.none')}</p>
              )}
            </section>
          </>
        )}
      </Listing>
    </>
  );
};

const RunPage = () => {
  const { id = '' } = useParams();
  return <LiveRun key={id} id={id} />;
};

export default RunPage;

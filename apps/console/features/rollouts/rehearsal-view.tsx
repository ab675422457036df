import type { Rehearsal, RolloutWhole } from '#libs/contract/rollouts.js';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { duration, number } from '../../kit/format.js';
import type { Look } from '../../kit/state.js';
import { currentLanguage } from '../../kit/words.js';
import { StateLook } from '../../ui/look.js';
import { Lines, Pages, RowsLost } from './rehearsal-tables.js';
import { problemFrom } from './sentence.js';

const looks: Record<Rehearsal['verdict'], Look> = { rolling: 'good', window: 'attention', unusable: 'broken' };

/** One sentence a person understands, and the way on. */
const Verdict = ({ rehearsal }: { rehearsal: Rehearsal }) => {
  const { t } = useTranslation();
  const because = problemFrom(rehearsal.because);
  return (
    <div className={`verdict verdict-${looks[rehearsal.verdict]}`}>
      <StateLook look={looks[rehearsal.verdict]}>{t(`rehearsal.${rehearsal.verdict}`)}</StateLook>
      <p>{because?.detail || t(`rehearsal.${rehearsal.verdict}.text`)}</p>
      {because?.hint && (
        <p>
          <span className="soft">{t('problem.whatToDo')}</span> {because.hint}
        </p>
      )}
    </div>
  );
};

const Facts = ({ rehearsal }: { rehearsal: Rehearsal }) => {
  const { t } = useTranslation();
  const { tables, views, sha256 } = rehearsal.fingerprint;
  return (
    <dl className="facts">
      <dt>{t('rehearsal.migration')}</dt>
      <dd>
        {rehearsal.isCodeOnly ? t('rehearsal.codeOnly') : duration(rehearsal.migrationSeconds, currentLanguage())} ·{' '}
        <Link className="link" to={`/runs/${rehearsal.runId}`}>
          {t('runs.seeRun')}
        </Link>
      </dd>
      <dt>{t('rehearsal.schema')}</dt>
      <dd>
        {t('gabungan.schema.text', {
          tables: number(tables, currentLanguage()),
          views: number(views, currentLanguage()),
          print: sha256.slice(0, 12),
        })}
      </dd>
    </dl>
  );
};

export const RehearsalView = ({ rollout }: { rollout: RolloutWhole }) => {
  const { t } = useTranslation();
  const { rehearsal } = rollout;
  return (
    <section className="section" aria-label={t('phase.rehearse')}>
      <h2>{t('phase.rehearse')}</h2>
      {!rehearsal && <p className="none">{t('rehearsal.none')}</p>}
      {rehearsal && (
        <>
          <Verdict rehearsal={rehearsal} />
          <Facts rehearsal={rehearsal} />
          <RowsLost rows={rehearsal.rowsLost} />
          <Lines title={t('rehearsal.errors')} lines={rehearsal.swallowedErrors} none={t('rehearsal.errors.none')} />
          <Lines title={t('rehearsal.changes')} lines={rehearsal.schemaChanges} none={t('rehearsal.changes.none')} />
          <Pages pages={rehearsal.pages} />
        </>
      )}
    </section>
  );
};

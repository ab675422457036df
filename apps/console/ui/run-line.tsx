import type { Run } from '#libs/contract/contract.js';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { between, duration, moment } from '../kit/format.js';
import { runLook } from '../kit/state.js';
import { currentLanguage, wordFor } from '../kit/words.js';
import { useZone } from '../kit/zone.js';
import { StateLook } from './look.js';

/** A release is labelled by app and version; the app is said once. */
export const runTitle = ({ verb, app, subjectLabel }: Pick<Run, 'verb' | 'app' | 'subjectLabel'>) => {
  const label = app && subjectLabel.startsWith(`${app} `) ? subjectLabel.slice(app.length + 1) : subjectLabel;
  return [wordFor('verb', verb), app && wordFor('app', app), label].filter(Boolean).join(' ');
};

/** One piece of work in one line: what, how it stands, since when, how long. */
export const RunLine = ({ run, zone }: { run: Run; /** Of its desa; else its kabupaten's. */ zone?: string }) => {
  const { t } = useTranslation();
  const ofKabupaten = useZone(run.kabupatenId);
  const language = currentLanguage();
  const seconds = between(run.startedAt, run.endedAt);
  return (
    <li>
      <span style={{ minWidth: 150 }}>
        <StateLook look={runLook[run.state]}>{t(`run.${run.state}`)}</StateLook>
      </span>
      <Link className="grow link" to={`/runs/${run.id}`}>
        {runTitle(run)}
      </Link>
      <span className="soft">{run.askedBy}</span>
      <span className="soft">{moment(run.startedAt ?? run.createdAt, zone ?? ofKabupaten, language)}</span>
      {seconds !== null && <span className="soft">{duration(seconds, language)}</span>}
      {run.waiting && <span className="soft">{run.waiting}</span>}
    </li>
  );
};

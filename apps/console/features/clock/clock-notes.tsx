import type { PolicyShown } from '#libs/contract/rollouts.js';
import { useTranslation } from 'react-i18next';
import { moment } from '../../kit/format.js';
import { currentLanguage } from '../../kit/words.js';

/** What the clock did and why it did not, newest first; the same answer for hours is one line. */
export const ClockNotes = ({ notes, zone }: { notes: PolicyShown['notes']; zone: string }) => {
  const { t } = useTranslation();
  const language = currentLanguage();
  const newest = [...notes].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <section className="section" aria-label={t('policy.notes')}>
      <h2>{t('policy.notes')}</h2>
      {newest.length === 0 && <p className="none">{t('policy.notes.none')}</p>}
      <ul className="line-list">
        {newest.map((note) => (
          <li key={`${note.at} ${note.code}`}>
            <span className="soft one-line">{moment(note.at, zone, language)}</span>
            <span className="grow">{note.text}</span>
            {note.since !== note.at && (
              <span className="soft">{t('policy.notes.since', { time: moment(note.since, zone, language) })}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
};

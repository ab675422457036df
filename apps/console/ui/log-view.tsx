import type { LogLine } from '#libs/contract/contract.js';
import { Checkbox } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clock, moment } from '../kit/format.js';
import { currentLanguage } from '../kit/words.js';
import { useZone } from '../kit/zone.js';
import { Copy } from './copy.js';

/** More lines than this make a page slow; older ones stay in the copy. */
const shownLines = 1_000;

interface Props {
  lines: LogLine[];
  label: string;
  /** Whose zone the times are told in; the reader's when it belongs to nobody. */
  kabupatenId?: string;
}

export const LogView = ({ lines, label, kabupatenId }: Props) => {
  const { t } = useTranslation();
  const zone = useZone(kabupatenId);
  const language = currentLanguage();
  const [isFollowing, setFollowing] = useState(true);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isFollowing && frame.current) frame.current.scrollTop = frame.current.scrollHeight;
  }, [lines, isFollowing]);
  const text = () => lines.map(({ at, level, line }) => `${moment(at, zone, language)} ${level} ${line}`).join('\n');
  return (
    <>
      <div style={{ display: 'flex', gap: 16, alignItems: 'center', padding: '6px 0' }}>
        <Checkbox
          size="xs"
          label={t('log.follow')}
          checked={isFollowing}
          onChange={(event) => setFollowing(event.target.checked)}
        />
        <Copy value={text()} label={t('log.copy')} />
        {lines.length > shownLines && <span className="soft">{t('log.last', { amount: shownLines })}</span>}
      </div>
      <div className="log" ref={frame} tabIndex={0} role="log" aria-live="off" aria-label={label}>
        {lines.slice(-shownLines).map((line) => (
          <div key={line.id} className={`log-line log-${line.level}`}>
            <time dateTime={line.at}>{clock(line.at, zone, language)}</time>
            <span>{line.line}</span>
          </div>
        ))}
      </div>
    </>
  );
};

import type { Drift } from '#libs/contract/looks.js';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { moment } from '../../kit/format.js';
import { useMe } from '../../kit/me.js';
import { hasEnded, runLook } from '../../kit/state.js';
import { currentLanguage } from '../../kit/words.js';
import { StateLook } from '../../ui/look.js';

const RepairLook = ({ repair }: { repair: NonNullable<Drift['repair']> }) => {
  const { t } = useTranslation();
  return (
    <Link className="link" to={`/runs/${repair.runId}`}>
      <StateLook look={runLook[repair.state]}>
        {t('drift.repair.of', { state: t(`run.${repair.state}`), who: repair.askedBy })}
      </StateLook>
    </Link>
  );
};

/** One drift: what it is, what it means, what to do, and what was done. */
export const DriftLine = ({ drift, onRepair }: { drift: Drift; onRepair: (drift: Drift) => void }) => {
  const { t } = useTranslation();
  const { mayChange } = useMe();
  const { repair } = drift;
  const isUnderway = repair !== null && !hasEnded(repair.state);
  return (
    <li>
      <span style={{ minWidth: 190 }}>
        <StateLook look="attention">{drift.title}</StateLook>
      </span>
      <span className="grow">
        <strong>{drift.subject}</strong> <span className="soft">{drift.server}</span>
        <br />
        {drift.detail} <span className="soft">{drift.hint}</span>
      </span>
      <span className="soft">{t('drift.since', { time: moment(drift.firstSeenAt, 'WIB', currentLanguage()) })}</span>
      {repair && <RepairLook repair={repair} />}
      {drift.repairedBy === null ? (
        <span className="soft">{t('drift.byPerson')}</span>
      ) : (
        mayChange &&
        !isUnderway && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`${t('drift.repair')} ${drift.subject}`}
            onClick={() => onRepair(drift)}
          >
            {t('drift.repair')}
          </Button>
        )
      )}
    </li>
  );
};

export const GoneLine = ({ drift }: { drift: Drift }) => {
  const { t } = useTranslation();
  return (
    <li>
      <span style={{ minWidth: 190 }}>
        <StateLook look="good">{drift.title}</StateLook>
      </span>
      <span className="grow">
        {drift.subject} <span className="soft">{drift.server}</span>
      </span>
      <span className="soft">{t('drift.gone', { time: moment(drift.goneAt, 'WIB', currentLanguage()) })}</span>
      {drift.repair && <RepairLook repair={drift.repair} />}
    </li>
  );
};

import type { GabunganView, Run } from '#libs/contract/contract.js';
import type { KeptDatabase } from '#libs/contract/rollouts.js';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { moment } from '../../kit/format.js';
import { get, post, type Page } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { currentLanguage } from '../../kit/words.js';
import { useZone } from '../../kit/zone.js';
import { Listing } from '../../ui/listing.js';
import { TypedDialog } from './typed-dialog.js';

/** What stood before a restore; it goes only when a person says so. */
export const KeptDatabases = ({ gabungan }: { gabungan: GabunganView }) => {
  const { t } = useTranslation();
  const { isAdmin } = useMe();
  const [chosen, setChosen] = useState<KeptDatabase>();
  const zone = useZone(gabungan.kabupatenId);
  const kept = useQuery({
    queryKey: ['gabungan', gabungan.name, 'kept'],
    queryFn: ({ signal }) => get<Page<KeptDatabase>>(`/gabungan/${gabungan.name}/kept`, signal),
    refetchInterval: 15_000,
  });
  return (
    <section className="section" aria-label={t('kept.title')}>
      <h2>{t('kept.title')}</h2>
      <Listing query={kept} isEmpty={({ items }) => items.length === 0} empty={t('kept.none')}>
        {({ items }) => (
          <ul className="line-list">
            {items.map((one) => (
              <li key={one.id}>
                <span className="grow">
                  <span className="code anywhere">{one.database}</span>
                  <br />
                  <span className="soft">
                    {t('kept.since', { who: one.restoredBy, time: moment(one.keptAt, zone, currentLanguage()) })}{' '}
                    <Link className="link" to={`/runs/${one.id}`}>
                      {t('runs.seeRun')}
                    </Link>
                  </span>
                </span>
                {isAdmin && (
                  <Button size="compact-sm" variant="default" onClick={() => setChosen(one)}>
                    {t('kept.drop')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Listing>
      {chosen && (
        <TypedDialog
          kabupatenId={gabungan.kabupatenId}
          verb={t('kept.drop.do', { database: chosen.database })}
          why={t('kept.drop.why')}
          onClose={() => setChosen(undefined)}
          onTyped={(confirm) => post<Run>(`/gabungan/${gabungan.name}/kept/${chosen.id}/drop`, { confirm })}
        />
      )}
    </section>
  );
};

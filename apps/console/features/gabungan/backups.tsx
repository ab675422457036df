import type { GabunganView, Run } from '#libs/contract/contract.js';
import type { GabunganBackup } from '#libs/contract/rollouts.js';
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { moment, number } from '../../kit/format.js';
import { get, post, problemOf, type Page } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { currentLanguage } from '../../kit/words.js';
import { useZone } from '../../kit/zone.js';
import { Listing } from '../../ui/listing.js';
import { ProblemBox } from '../../ui/problem-box.js';
import { KeepBackups } from './keep-backups.js';
import { TypedDialog } from './typed-dialog.js';

interface LineProps {
  gabungan: GabunganView;
  backup: GabunganBackup;
  onRestore: () => void;
}

const BackupLine = ({ gabungan, backup, onRestore }: LineProps) => {
  const { t } = useTranslation();
  const { isAdmin } = useMe();
  const language = currentLanguage();
  const zone = useZone(gabungan.kabupatenId);
  return (
    <li>
      <strong>{moment(backup.createdAt, zone, language)}</strong>
      <span className="grow">
        <span className="code">{backup.version ?? t('version.none')}</span>{' '}
        <span className="soft">
          {t(`backup.kind.${backup.kind}`)} · {t('backup.size', { size: number(backup.bytes / 2 ** 20, language) })} ·{' '}
          {t(`backup.keep.${backup.keep ?? 'none'}`)}
        </span>
      </span>
      {isAdmin && (
        <Button size="compact-sm" variant="default" onClick={onRestore}>
          {t('backup.restore')}
        </Button>
      )}
    </li>
  );
};

const MakeBackup = ({ name }: { name: string }) => {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const make = useMutation({
    mutationFn: () => post<Run>(`/gabungan/${name}/backup`),
    onSuccess: ({ id }) => void navigate(`/runs/${id}`),
  });
  return (
    <>
      <Button size="xs" variant="default" loading={make.isPending} onClick={() => make.mutate()}>
        {t('backup.make')}
      </Button>
      {make.isError && <ProblemBox problem={problemOf(make.error)} />}
    </>
  );
};

/** Proved dumps of a whole gabungan: made here, put back here, and why each of them is kept. */
export const Backups = ({ gabungan }: { gabungan: GabunganView }) => {
  const { t } = useTranslation();
  const { mayChange } = useMe();
  const [chosen, setChosen] = useState<GabunganBackup>();
  const zone = useZone(gabungan.kabupatenId);
  const { name } = gabungan;
  const backups = useQuery({
    queryKey: ['gabungan', name, 'backups'],
    queryFn: ({ signal }) => get<Page<GabunganBackup>>(`/gabungan/${name}/backups`, signal),
    refetchInterval: 15_000,
  });
  return (
    <section className="section" aria-label={t('backup.title')}>
      <h2>{t('backup.title')}</h2>
      <KeepBackups gabungan={gabungan} />
      {mayChange && <MakeBackup name={name} />}
      <Listing query={backups} isEmpty={({ items }) => items.length === 0} empty={t('backup.none')}>
        {({ items }) => (
          <ul className="line-list">
            {items.map((backup) => (
              <BackupLine key={backup.id} gabungan={gabungan} backup={backup} onRestore={() => setChosen(backup)} />
            ))}
          </ul>
        )}
      </Listing>
      {chosen && (
        <TypedDialog
          kabupatenId={gabungan.kabupatenId}
          verb={t('backup.restore.do', { time: moment(chosen.createdAt, zone, currentLanguage()) })}
          why={t('backup.restore.why')}
          onClose={() => setChosen(undefined)}
          onTyped={(confirm) => post<Run>(`/gabungan/${name}/restore`, { backup: chosen.id, confirm })}
        />
      )}
    </section>
  );
};

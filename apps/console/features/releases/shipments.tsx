import type { Release, Run } from '#libs/contract/contract.js';
import type { Shipment } from '#libs/contract/shipments.js';
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { moment, number } from '../../kit/format.js';
import { get, post, problemOf, type Page } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { currentLanguage } from '../../kit/words.js';
import { useZone } from '../../kit/zone.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Listing } from '../../ui/listing.js';
import { ProblemBox } from '../../ui/problem-box.js';

const useColumns = (): Column<Shipment>[] => {
  const { t } = useTranslation();
  const zone = useZone();
  const language = currentLanguage();
  return [
    { head: t('shipment.server'), cell: ({ server }) => server },
    {
      head: t('shipment.moved'),
      className: 'number',
      cell: ({ movedBytes }) => number(megabytes(movedBytes), language),
    },
    { head: t('shipment.at'), cell: ({ shippedAt }) => moment(shippedAt, zone, language) },
  ];
};

const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10;

const Ship = ({ release: { app, version } }: { release: Release }) => {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const ship = useMutation({
    mutationFn: () => post<Page<Run>>(`/releases/${app}/${version}/ship`, {}),
    onSuccess: ({ items: [first, ...others] }) => {
      if (first) void navigate(others.length > 0 ? '/runs' : `/runs/${first.id}`);
    },
  });
  return (
    <>
      <Button size="xs" variant="default" loading={ship.isPending} onClick={() => ship.mutate()}>
        {t('shipment.ship')}
      </Button>
      {ship.isError && <ProblemBox problem={problemOf(ship.error)} />}
    </>
  );
};

/** Servers over SSH that the image has come to, and how much of it had to travel. */
export const Shipments = ({ release }: { release: Release }) => {
  const { t } = useTranslation();
  const { mayChange } = useMe();
  const columns = useColumns();
  const shipments = useQuery({
    queryKey: ['releases', release.app, release.version, 'shipments'],
    queryFn: ({ signal }) => get<Page<Shipment>>(`/releases/${release.app}/${release.version}/shipments`, signal),
    refetchInterval: 10_000,
  });
  if (release.state !== 'built') return null;
  return (
    <section className="section" aria-label={t('shipment.list')}>
      <h2>{t('shipment.list')}</h2>
      {mayChange && <Ship release={release} />}
      <Listing query={shipments} isEmpty={({ items }) => items.length === 0} empty={t('shipment.none')}>
        {({ items }) => (
          <DataTable label={t('shipment.list')} columns={columns} rows={items} rowKey={({ server }) => server} />
        )}
      </Listing>
    </section>
  );
};

import type { GabunganView, Run } from '#libs/contract/contract.js';
import type { Server } from '#libs/contract/servers.js';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAdding } from '../../kit/adding.js';
import { moment, number } from '../../kit/format.js';
import { get, post, type Page } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { currentLanguage } from '../../kit/words.js';
import { useZones } from '../../kit/zone.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { FormDialog } from '../../ui/form-dialog.js';
import { ListPage } from '../../ui/list-page.js';
import { useKabupatenField } from '../kabupaten/kabupaten-choice.js';
import { GabunganLook } from './gabungan-look.js';

const AddGabungan = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation();
  const kabupaten = useKabupatenField();
  const servers = useQuery({ queryKey: ['servers'], queryFn: () => get<Page<Server>>('/servers') });
  const choices = (servers.data?.items ?? []).map(({ name }) => ({ value: name, label: name }));
  if (servers.isPending) return null;
  const add = async ({ kabupaten: code, server, name, edition }: Record<string, string>) => {
    const run = await post<Run>('/gabungan', { kabupaten: code, server, name, edition });
    return `/runs/${run.id}`;
  };
  return (
    <FormDialog
      title={t('gabungan.add')}
      verb={t('gabungan.add')}
      onClose={onClose}
      onSubmit={add}
      fields={[
        kabupaten,
        {
          name: 'server',
          label: t('server.label'),
          kind: 'choice',
          choices,
          initial: choices[0]?.value,
          hint: choices.length ? undefined : t('server.none'),
        },
        {
          name: 'name',
          label: t('form.name'),
          hint: t('gabungan.name.hint'),
          check: (value) => (/^[a-z][a-z0-9-]{0,18}$/.test(value) ? null : t('form.name.wrong')),
        },
        {
          name: 'edition',
          label: t('edition.label'),
          kind: 'choice',
          initial: 'umum',
          choices: [
            { value: 'umum', label: t('edition.umum') },
            { value: 'premium', label: t('edition.premium') },
          ],
        },
      ]}
    />
  );
};

const useColumns = (): Column<GabunganView>[] => {
  const { t } = useTranslation();
  const zoneOf = useZones();
  const language = currentLanguage();
  return [
    {
      head: t('form.name'),
      cell: ({ name }) => (
        <Link className="link" to={`/gabungan/${name}`}>
          {name}
        </Link>
      ),
    },
    { head: t('table.state'), cell: (gabungan) => <GabunganLook gabungan={gabungan} /> },
    { head: t('version.label'), className: 'code', cell: ({ version }) => version ?? t('version.none') },
    { head: t('nav.desa'), className: 'number', cell: ({ desaCount }) => number(desaCount, language) },
    { head: t('server.label'), className: 'only-wide', cell: ({ serverName }) => serverName },
    {
      head: t('seen.label'),
      className: 'only-wide soft',
      cell: ({ checkedAt, kabupatenId }) => moment(checkedAt, zoneOf(kabupatenId), language),
    },
  ];
};

const GabunganList = () => {
  const { t } = useTranslation();
  const { isAdmin } = useMe();
  const adding = useAdding();
  const columns = useColumns();
  const gabungan = useQuery({
    queryKey: ['gabungan'],
    queryFn: ({ signal }) => get<Page<GabunganView>>('/gabungan', signal),
    select: ({ items }) => items,
    refetchInterval: 15_000,
  });
  return (
    <>
      <ListPage
        title={t('nav.gabungan')}
        add={{ label: t('gabungan.add'), isAllowed: isAdmin, open: adding.open }}
        query={gabungan}
        empty={t('gabungan.none')}
      >
        {(items) => <DataTable label={t('nav.gabungan')} columns={columns} rows={items} rowKey={({ id }) => id} />}
      </ListPage>
      {adding.isAdding && <AddGabungan onClose={adding.close} />}
    </>
  );
};

export default GabunganList;

import type { GabunganView, Run, Server } from '#libs/contract/contract.js';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAdding } from '../../kit/adding.js';
import { moment, number } from '../../kit/format.js';
import { get, post, type Page } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { currentLanguage } from '../../kit/words.js';
import { FormDialog } from '../../ui/form-dialog.js';
import { Listing } from '../../ui/listing.js';
import { PageHead } from '../../ui/page-head.js';
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

const Rows = ({ items }: { items: GabunganView[] }) => {
  const { t } = useTranslation();
  const language = currentLanguage();
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('nav.gabungan')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('form.name')}</th>
            <th scope="col">{t('table.state')}</th>
            <th scope="col">{t('version.label')}</th>
            <th scope="col" className="number">
              {t('nav.desa')}
            </th>
            <th scope="col" className="only-wide">
              {t('server.label')}
            </th>
            <th scope="col" className="only-wide">
              {t('seen.label')}
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((gabungan) => (
            <tr key={gabungan.id}>
              <td>
                <Link className="link" to={`/gabungan/${gabungan.name}`}>
                  {gabungan.name}
                </Link>
              </td>
              <td>
                <GabunganLook gabungan={gabungan} />
              </td>
              <td className="code">{gabungan.version ?? t('version.none')}</td>
              <td className="number">{number(gabungan.desaCount, language)}</td>
              <td className="only-wide">{gabungan.serverName}</td>
              <td className="only-wide soft">{moment(gabungan.checkedAt, 'WIB', language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const GabunganList = () => {
  const { t } = useTranslation();
  const { isAdmin } = useMe();
  const adding = useAdding();
  const gabungan = useQuery({
    queryKey: ['gabungan'],
    queryFn: ({ signal }) => get<Page<GabunganView>>('/gabungan', signal),
    refetchInterval: 15_000,
  });
  return (
    <>
      <PageHead title={t('nav.gabungan')}>
        {isAdmin && (
          <Button size="xs" onClick={adding.open}>
            {t('gabungan.add')}
          </Button>
        )}
      </PageHead>
      <Listing query={gabungan} isEmpty={({ items }) => items.length === 0} empty={t('gabungan.none')}>
        {({ items }) => <Rows items={items} />}
      </Listing>
      {adding.isAdding && <AddGabungan onClose={adding.close} />}
    </>
  );
};

export default GabunganList;

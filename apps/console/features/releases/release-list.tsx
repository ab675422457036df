import type { Release } from '#libs/contract/contract.js';
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { useAdding } from '../../kit/adding.js';
import { moment, number } from '../../kit/format.js';
import { get, query, type Page } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { releaseLook } from '../../kit/state.js';
import { currentLanguage, wordFor } from '../../kit/words.js';
import { Listing } from '../../ui/listing.js';
import { StateLook } from '../../ui/look.js';
import { PageHead } from '../../ui/page-head.js';
import { AddRelease } from './add-release.js';

const Rows = ({ items }: { items: Release[] }) => {
  const { t } = useTranslation();
  const language = currentLanguage();
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('nav.releases')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('app.label')}</th>
            <th scope="col">{t('version.label')}</th>
            <th scope="col">{t('table.state')}</th>
            <th scope="col" className="number">
              {t('release.usedBy')}
            </th>
            <th scope="col" className="only-wide">
              {t('release.source')}
            </th>
            <th scope="col" className="only-wide">
              {t('release.created')}
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((release) => (
            <tr key={release.id}>
              <td>{wordFor('app', release.app)}</td>
              <td>
                <Link className="link code" to={`/releases/${release.app}/${release.version}`}>
                  {release.version}
                </Link>
              </td>
              <td>
                <StateLook look={releaseLook[release.state]}>{t(`release.${release.state}`)}</StateLook>
              </td>
              <td className="number">{number(release.usedBy, language)}</td>
              <td className="only-wide soft">{release.source}</td>
              <td className="only-wide soft">{moment(release.createdAt, 'WIB', language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const ReleaseList = () => {
  const { t } = useTranslation();
  const { mayChange } = useMe();
  const adding = useAdding();
  const [search, setSearch] = useSearchParams();
  const wanted = search.get('q') ?? '';
  const releases = useQuery({
    queryKey: ['releases', 'list'],
    queryFn: ({ signal }) => get<Page<Release>>(`/releases${query({ limit: 500 })}`, signal),
    select: ({ items }) =>
      items.filter(({ app, version }) =>
        `${wordFor('app', app)} ${version}`.toLowerCase().includes(wanted.trim().toLowerCase()),
      ),
    refetchInterval: 10_000,
  });
  return (
    <>
      <PageHead title={t('nav.releases')}>
        {mayChange && (
          <Button size="xs" onClick={adding.open}>
            {t('release.add')}
          </Button>
        )}
      </PageHead>
      <div className="filters">
        <TextInput
          size="xs"
          label={t('filter.search')}
          value={wanted}
          onChange={(event) => setSearch(event.target.value ? { q: event.target.value } : {}, { replace: true })}
        />
      </div>
      <Listing
        query={releases}
        isEmpty={(items) => items.length === 0}
        empty={wanted ? t('list.nothing') : t('release.none')}
      >
        {(items) => <Rows items={items} />}
      </Listing>
      {adding.isAdding && <AddRelease onClose={adding.close} />}
    </>
  );
};

export default ReleaseList;

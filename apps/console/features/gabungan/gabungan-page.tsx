import type { GabunganView } from '#libs/contract/contract.js';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { moment, number } from '../../kit/format.js';
import { get, post, problemOf } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { currentLanguage, wordFor } from '../../kit/words.js';
import { useZone } from '../../kit/zone.js';
import { Copy } from '../../ui/copy.js';
import { Listing } from '../../ui/listing.js';
import { StateLook } from '../../ui/look.js';
import { PageHead } from '../../ui/page-head.js';
import { ProblemBox } from '../../ui/problem-box.js';
import { GabunganLook } from './gabungan-look.js';

const Invariants = ({ gabungan }: { gabungan: GabunganView }) => {
  const { t } = useTranslation();
  const language = currentLanguage();
  const invariants = gabungan.invariants ?? [];
  return (
    <section className="section">
      <h2>{t('gabungan.invariants')}</h2>
      <p className="none">{t('gabungan.invariants.why')}</p>
      {invariants.length === 0 ? (
        <p className="none">{t('gabungan.invariants.none')}</p>
      ) : (
        <div className="table-frame" tabIndex={0} role="region" aria-label={t('gabungan.invariants')}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('gabungan.invariant')}</th>
                <th scope="col" className="number">
                  {t('gabungan.expected')}
                </th>
                <th scope="col" className="number">
                  {t('seen.label')}
                </th>
                <th scope="col">{t('table.state')}</th>
              </tr>
            </thead>
            <tbody>
              {invariants.map(({ name, expected, observed }) => (
                <tr key={name}>
                  <td>{wordFor('invariant', name)}</td>
                  <td className="number">{number(expected, language)}</td>
                  <td className="number">{number(observed, language)}</td>
                  <td>
                    {expected === observed ? (
                      <StateLook look="good">{t('gabungan.invariant.kept')}</StateLook>
                    ) : (
                      <StateLook look="broken">{t('gabungan.invariant.broken')}</StateLook>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
};

const Facts = ({ gabungan }: { gabungan: GabunganView }) => {
  const { t } = useTranslation();
  const zone = useZone(gabungan.kabupatenId);
  const language = currentLanguage();
  const address = `${gabungan.host}:${gabungan.port}`;
  return (
    <dl className="facts">
      <dt>{t('table.state')}</dt>
      <dd>
        <GabunganLook gabungan={gabungan} />
      </dd>
      <dt>{t('version.label')}</dt>
      <dd className="code">
        {gabungan.version ?? t('version.none')} ({gabungan.edition})
      </dd>
      <dt>{t('nav.desa')}</dt>
      <dd>{number(gabungan.desaCount, language)}</dd>
      <dt>{t('server.label')}</dt>
      <dd>
        <Link className="link" to="/servers">
          {gabungan.serverName}
        </Link>
      </dd>
      <dt>{t('gabungan.address')}</dt>
      <dd>
        <span className="code">{address}</span> <Copy value={address} />
      </dd>
      <dt>{t('gabungan.database')}</dt>
      <dd className="code">{gabungan.databaseName}</dd>
      <dt>{t('gabungan.owner')}</dt>
      <dd>
        <span className="code">{gabungan.ownerUser}</span> <span className="soft">{t('gabungan.owner.why')}</span>
      </dd>
      <dt>{t('gabungan.reader')}</dt>
      <dd>
        <span className="code">{gabungan.readerUser}</span> <span className="soft">{t('gabungan.reader.why')}</span>
      </dd>
      <dt>{t('gabungan.schema')}</dt>
      <dd>
        {gabungan.fingerprint
          ? t('gabungan.schema.text', {
              tables: number(gabungan.fingerprint.tables, language),
              views: number(gabungan.fingerprint.views, language),
              print: gabungan.fingerprint.sha256.slice(0, 12),
            })
          : t('version.none')}
      </dd>
      <dt>{t('seen.label')}</dt>
      <dd>{moment(gabungan.checkedAt, zone, language)}</dd>
    </dl>
  );
};

const GabunganPage = () => {
  const { name = '' } = useParams();
  const { t } = useTranslation();
  const { isAdmin } = useMe();
  const client = useQueryClient();
  const gabungan = useQuery({
    queryKey: ['gabungan', name],
    queryFn: ({ signal }) => get<GabunganView>(`/gabungan/${name}`, signal),
    refetchInterval: 15_000,
  });
  const check = useMutation({
    mutationFn: () => post(`/gabungan/${name}/check`),
    onSettled: () => client.invalidateQueries({ queryKey: ['gabungan'] }),
  });
  return (
    <>
      <PageHead title={`Gabungan ${name}`}>
        {isAdmin && (
          <Button size="xs" variant="default" loading={check.isPending} onClick={() => check.mutate()}>
            {t('check.do')}
          </Button>
        )}
      </PageHead>
      {check.isError && <ProblemBox problem={problemOf(check.error)} />}
      <Listing query={gabungan}>
        {(view) => (
          <>
            <Facts gabungan={view} />
            <Invariants gabungan={view} />
          </>
        )}
      </Listing>
    </>
  );
};

export default GabunganPage;

import type { Kabupaten } from '#libs/contract/contract.js';
import type { PolicyShown } from '#libs/contract/rollouts.js';
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFilters } from '../../kit/filters.js';
import { dotted, titled } from '../../kit/format.js';
import { get, problemOf, type Page } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { Listing } from '../../ui/listing.js';
import { StateLook } from '../../ui/look.js';
import { PageHead } from '../../ui/page-head.js';
import { ProblemBox } from '../../ui/problem-box.js';
import { zoneAmong } from '../../kit/zone.js';
import { Subscription } from '../subscription/subscription.js';
import { ClockNotes } from './clock-notes.js';
import { PolicyForm } from './policy-form.js';
import { PolicyWords } from './policy-words.js';
import { usePolicy, useSavePolicy } from './policy.js';

const apps = ['opensid', 'pbb', 'api'] as const;

const PolicyView = ({ kabupaten, shown }: { kabupaten: string; shown: PolicyShown }) => {
  const { t } = useTranslation();
  const me = useMe();
  const { isAdmin } = me;
  const zone = zoneAmong(me.kabupaten, me.kabupaten.find(({ code }) => code === kabupaten)?.id);
  const saved = useSavePolicy(kabupaten, shown.app);
  return (
    <>
      <section className="section" aria-label={t('policy.title')}>
        <h2>
          {t('policy.title')}{' '}
          <StateLook look={shown.rules.isOn ? 'good' : 'held'}>
            {shown.rules.isOn ? t('policy.isOn') : t('policy.isOff')}
          </StateLook>
        </h2>
        <PolicyWords app={shown.app} rules={shown.rules} />
        <div role="status">{saved.isSuccess && <p className="soft">{t('policy.saved')}</p>}</div>
        {saved.isError && <ProblemBox problem={problemOf(saved.error)} />}
      </section>
      <ClockNotes notes={shown.notes} zone={zone} />
      {isAdmin ? (
        <section className="section" aria-label={t('policy.change')}>
          <h2>{t('policy.change')}</h2>
          <PolicyForm given={shown.rules} isSaving={saved.isPending} onSave={(rules) => saved.mutate(rules)} />
        </section>
      ) : (
        <p className="soft">{t('policy.adminOnly')}</p>
      )}
    </>
  );
};

/** What holds for every desa that has no end of its own. */
const KabupatenSubscription = ({ code }: { code: string }) => {
  const { t } = useTranslation();
  const { isAdmin } = useMe();
  const all = useQuery({
    queryKey: ['kabupaten'],
    queryFn: ({ signal }) => get<Page<Kabupaten>>('/kabupaten', signal),
  });
  const endsOn = all.data?.items.find((one) => one.code === code)?.subscriptionEndsOn;
  if (endsOn === undefined) return null;
  return (
    <Subscription
      path={`/kabupaten/${code}`}
      known={endsOn === null ? null : { endsOn, isOwn: true }}
      hint={t('subscription.hint.kabupaten')}
      mayChange={isAdmin}
    />
  );
};

const SettingsPage = () => {
  const { t } = useTranslation();
  const me = useMe();
  const { values, set } = useFilters(['kabupaten', 'app']);
  const kabupaten = values.kabupaten || me.kabupaten[0]?.code || '';
  const app = values.app || 'opensid';
  const policy = usePolicy(kabupaten, app);
  return (
    <>
      <PageHead title={t('nav.settings')}>
        {me.isAdmin && (
          <Link className="link" to="/settings/users">
            {t('user.list')}
          </Link>
        )}
      </PageHead>
      {kabupaten === '' ? (
        <p className="none">{t('policy.noKabupaten')}</p>
      ) : (
        <>
          <div className="filters">
            <NativeSelect
              size="xs"
              label={t('kabupaten.label')}
              value={kabupaten}
              onChange={(event) => set('kabupaten', event.target.value)}
              data={me.kabupaten.map(({ code, name }) => ({ value: code, label: `${dotted(code)} ${titled(name)}` }))}
            />
            <NativeSelect
              size="xs"
              label={t('app.label')}
              value={app}
              onChange={(event) => set('app', event.target.value)}
              data={apps.map((name) => ({ value: name, label: t(`app.${name}`) }))}
            />
          </div>
          <KabupatenSubscription code={kabupaten} />
          <Listing query={policy}>
            {(shown) => <PolicyView key={`${kabupaten} ${app}`} kabupaten={kabupaten} shown={shown} />}
          </Listing>
        </>
      )}
    </>
  );
};

export default SettingsPage;

import type { User } from '#libs/contract/people.js';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { moment } from '../../kit/format.js';
import { get } from '../../kit/http.js';
import { currentLanguage } from '../../kit/words.js';
import { useZone } from '../../kit/zone.js';
import { Listing } from '../../ui/listing.js';
import { PageHead } from '../../ui/page-head.js';
import { TokenList } from './token-list.js';
import { UserActs } from './user-acts.js';
import { UserLook, useScopeWords } from './user-words.js';

const UserFacts = ({ user }: { user: User }) => {
  const { t } = useTranslation();
  const zone = useZone();
  const scopeWords = useScopeWords();
  const at = (time: string | null) => moment(time, zone, currentLanguage());
  const facts: [string, string][] = [
    [t('form.name'), user.name],
    [t('user.role'), t(`role.${user.role}`)],
    [t('kabupaten.label'), scopeWords(user.kabupaten)],
    [t('user.made'), at(user.createdAt)],
    [t('user.lastLogin'), at(user.lastLoginAt)],
    ...(user.disabledAt ? [[t('user.disabledAt'), at(user.disabledAt)] as [string, string]] : []),
  ];
  return (
    <dl className="facts">
      <dt>{t('table.state')}</dt>
      <dd>
        <UserLook user={user} />
      </dd>
      {facts.map(([label, value]) => (
        <div key={label} style={{ display: 'contents' }}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
};

const UserPage = () => {
  const { t } = useTranslation();
  const { username = '' } = useParams();
  const user = useQuery({
    queryKey: ['users', 'one', username],
    queryFn: ({ signal }) => get<User>(`/users/${encodeURIComponent(username)}`, signal),
  });
  return (
    <>
      <PageHead title={username}>{user.data && <UserActs user={user.data} />}</PageHead>
      <p>
        <Link className="link" to="/settings/users">
          {t('user.list')}
        </Link>
      </p>
      <Listing query={user}>
        {(known) => (
          <>
            <UserFacts user={known} />
            <section className="section" aria-label={t('token.list')}>
              <h2>{t('token.list')}</h2>
              <TokenList path={`/users/${known.username}/tokens`} />
            </section>
          </>
        )}
      </Listing>
    </>
  );
};

export default UserPage;

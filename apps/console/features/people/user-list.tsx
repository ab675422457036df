import type { FirstPassword as Told, User } from '#libs/contract/people.js';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAdding } from '../../kit/adding.js';
import { useFilters } from '../../kit/filters.js';
import { moment } from '../../kit/format.js';
import { get, query, type Page } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { currentLanguage } from '../../kit/words.js';
import { useZone } from '../../kit/zone.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { ListPage } from '../../ui/list-page.js';
import { SearchField } from '../../ui/search-field.js';
import { FirstPassword } from './first-password.js';
import { AddUser } from './user-form.js';
import { UserLook, useScopeWords } from './user-words.js';

const useColumns = (): Column<User>[] => {
  const { t } = useTranslation();
  const zone = useZone();
  const scopeWords = useScopeWords();
  return [
    {
      head: t('login.username'),
      cell: ({ username }) => (
        <Link className="link" to={`/settings/users/${username}`}>
          {username}
        </Link>
      ),
    },
    { head: t('form.name'), className: 'only-wide', cell: ({ name }) => name },
    { head: t('user.role'), cell: ({ role }) => t(`role.${role}`) },
    { head: t('kabupaten.label'), className: 'only-wide', cell: ({ kabupaten }) => scopeWords(kabupaten) },
    { head: t('table.state'), cell: (user) => <UserLook user={user} /> },
    {
      head: t('user.lastLogin'),
      className: 'soft one-line only-wide',
      cell: ({ lastLoginAt }) => moment(lastLoginAt, zone, currentLanguage()),
    },
  ];
};

const UserList = () => {
  const { t } = useTranslation();
  const { isAdmin } = useMe();
  const columns = useColumns();
  const adding = useAdding();
  const [told, setTold] = useState<Told>();
  const { values, set } = useFilters(['q']);
  const users = useQuery({
    queryKey: ['users', 'list', values.q],
    queryFn: ({ signal }) => get<Page<User>>(`/users${query({ q: values.q, limit: 1000 })}`, signal),
    select: ({ items }) => items,
    placeholderData: (old) => old,
  });
  return (
    <>
      <ListPage
        title={t('user.list')}
        add={{ label: t('user.add'), isAllowed: isAdmin, open: adding.open }}
        filters={<SearchField value={values.q} onChange={(value) => set('q', value)} />}
        query={users}
        empty={t('list.nothing')}
      >
        {(items) => (
          <DataTable label={t('user.list')} columns={columns} rows={items} rowKey={({ username }) => username} isTall />
        )}
      </ListPage>
      {adding.isAdding && <AddUser onClose={adding.close} onMade={setTold} />}
      {told && <FirstPassword told={told} onClose={() => setTold(undefined)} />}
    </>
  );
};

export default UserList;

import { AppShell, Burger, Button, NavLink } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import {
  IconBuildingCommunity,
  IconDatabase,
  IconHistory,
  IconHome,
  IconListCheck,
  IconPackage,
  IconSearch,
  IconServer,
  IconEyeCheck,
  IconSettings,
  IconStairsUp,
  IconUser,
} from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { titled } from '../kit/format.js';
import { useMe } from '../kit/me.js';
import { BrokenPage } from '../ui/broken-page.js';
import { AccountMenu } from './account-menu.js';
import { Pages } from './pages.js';

const Search = lazy(() => import('./search.js'));

const places = [
  { path: '/', word: 'nav.home', Icon: IconHome },
  { path: '/desa', word: 'nav.desa', Icon: IconBuildingCommunity },
  { path: '/releases', word: 'nav.releases', Icon: IconPackage },
  { path: '/rollouts', word: 'nav.rollouts', Icon: IconStairsUp },
  { path: '/runs', word: 'nav.runs', Icon: IconListCheck },
  { path: '/servers', word: 'nav.servers', Icon: IconServer },
  { path: '/drift', word: 'nav.drift', Icon: IconEyeCheck },
  { path: '/gabungan', word: 'nav.gabungan', Icon: IconDatabase },
  { path: '/settings', word: 'nav.settings', Icon: IconSettings },
] as const;

const account = { path: '/account', word: 'account.title', Icon: IconUser } as const;

const isHere = (pathname: string, path: string) =>
  path === '/' ? pathname === '/' : pathname === path || pathname.startsWith(`${path}/`);

const Places = ({ onChoose }: { onChoose: () => void }) => {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const shown = useMe().isAdmin
    ? [...places, { path: '/audit', word: 'nav.audit', Icon: IconHistory } as const, account]
    : [...places, account];
  return shown.map(({ path, word, Icon }) => (
    <NavLink
      key={path}
      // The head of the page has no room for it on a phone.
      hiddenFrom={path === '/account' ? 'sm' : undefined}
      component={Link}
      to={path}
      label={t(word)}
      leftSection={<Icon size={18} aria-hidden />}
      active={isHere(pathname, path)}
      aria-current={isHere(pathname, path) ? 'page' : undefined}
      onClick={onChoose}
      py={6}
    />
  ));
};

/** The search is fetched when it is first wanted. */
const useSearch = () => {
  const [asked, setAsked] = useState(0);
  const ask = () => setAsked((count) => count + 1);
  useHotkeys([
    ['mod+K', ask],
    ['/', ask],
  ]);
  return { asked, ask };
};

export const Layout = () => {
  const { t } = useTranslation();
  const me = useMe();
  const [isOpen, menu] = useDisclosure(false);
  const { asked, ask } = useSearch();
  const { pathname } = useLocation();
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [pathname]);
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 190, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a className="skip" href="#content">
        {t('nav.skip')}
      </a>
      <AppShell.Header px="md" style={{ display: 'flex', alignItems: 'center', gap: 12 }}>
        <Burger
          opened={isOpen}
          onClick={menu.toggle}
          hiddenFrom="sm"
          size="sm"
          aria-label={t('nav.menu')}
          aria-expanded={isOpen}
        />
        <Link to="/" className="brand">
          SiapPakai
        </Link>
        <span className="soft only-wide">
          {me.kabupaten
            .map(({ name }) => titled(name))
            .slice(0, 3)
            .join(' · ')}
        </span>
        <span style={{ flex: 1 }} />
        <Button variant="default" size="xs" px={10} flex="none" onClick={ask} aria-label={`${t('search.open')} Ctrl K`}>
          <IconSearch size={14} aria-hidden />
          <span className="only-wide" style={{ marginLeft: 8 }}>
            {t('search.open')}{' '}
            <span className="soft" style={{ marginLeft: 10 }}>
              Ctrl K
            </span>
          </span>
        </Button>
        <AccountMenu />
      </AppShell.Header>
      <AppShell.Navbar py="xs" aria-label={t('nav.menu')}>
        <Places onChoose={menu.close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} style={{ outline: 'none' }}>
        <BrokenPage>
          <Pages />
        </BrokenPage>
      </AppShell.Main>
      {asked > 0 && (
        <Suspense>
          <Search asked={asked} />
        </Suspense>
      )}
    </AppShell>
  );
};

import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Route, Routes } from 'react-router';
import { PageHead } from '../ui/page-head.js';
import { Waiting } from '../ui/waiting.js';

const Home = lazy(() => import('../features/home/home.js'));
const DesaList = lazy(() => import('../features/desa/desa-list.js'));
const DesaPlan = lazy(() => import('../features/desa/plan-page.js'));
const DesaPage = lazy(() => import('../features/desa/desa-page.js'));
const Releases = lazy(() => import('../features/releases/release-list.js'));
const ReleasePage = lazy(() => import('../features/releases/release-page.js'));
const Rollouts = lazy(() => import('../features/rollouts/rollout-list.js'));
const NewRollout = lazy(() => import('../features/rollouts/new-rollout.js'));
const RolloutPage = lazy(() => import('../features/rollouts/rollout-page.js'));
const Runs = lazy(() => import('../features/runs/run-list.js'));
const RunPage = lazy(() => import('../features/runs/run-page.js'));
const Servers = lazy(() => import('../features/servers/server-list.js'));
const DriftPage = lazy(() => import('../features/drift/drift-page.js'));
const Gabungan = lazy(() => import('../features/gabungan/gabungan-list.js'));
const GabunganPage = lazy(() => import('../features/gabungan/gabungan-page.js'));
const Settings = lazy(() => import('../features/clock/settings-page.js'));
const Users = lazy(() => import('../features/people/user-list.js'));
const UserPage = lazy(() => import('../features/people/user-page.js'));
const Account = lazy(() => import('../features/people/account-page.js'));
const Audit = lazy(() => import('../features/audit/audit-list.js'));

const Unknown = () => {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t('unknown.title')} />
      <p>{t('unknown.text')}</p>
      <Link className="link" to="/">
        {t('nav.home')}
      </Link>
    </>
  );
};

export const Pages = () => (
  <Suspense fallback={<Waiting />}>
    <Routes>
      <Route path="/" element={<Home />} />
      <Route path="/desa" element={<DesaList />} />
      <Route path="/desa/plan" element={<DesaPlan />} />
      <Route path="/desa/:code" element={<DesaPage />} />
      <Route path="/releases" element={<Releases />} />
      <Route path="/releases/:app/:version" element={<ReleasePage />} />
      <Route path="/rollouts" element={<Rollouts />} />
      <Route path="/rollouts/new" element={<NewRollout />} />
      <Route path="/rollouts/:id" element={<RolloutPage />} />
      <Route path="/runs" element={<Runs />} />
      <Route path="/runs/:id" element={<RunPage />} />
      <Route path="/servers" element={<Servers />} />
      <Route path="/drift" element={<DriftPage />} />
      <Route path="/gabungan" element={<Gabungan />} />
      <Route path="/gabungan/:name" element={<GabunganPage />} />
      <Route path="/settings" element={<Settings />} />
      <Route path="/settings/users" element={<Users />} />
      <Route path="/settings/users/:username" element={<UserPage />} />
      <Route path="/account" element={<Account />} />
      <Route path="/audit" element={<Audit />} />
      <Route path="*" element={<Unknown />} />
    </Routes>
  </Suspense>
);

import type { Me } from '#libs/contract/contract.js';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { get, problemOf } from '../kit/http.js';
import { MeContext } from '../kit/me.js';
import { hasChosenLanguage, switchLanguage } from '../kit/words.js';
import { ProblemBox } from '../ui/problem-box.js';
import { Waiting } from '../ui/waiting.js';
import { Layout } from './layout.js';

const Login = lazy(() => import('../features/session/login.js'));

const NewPassword = lazy(() => import('../features/people/new-password.js'));

const whoAmI = async () => {
  const me = await get<Me>('/me');
  if (!hasChosenLanguage() && me.language === 'en') await switchLanguage('en');
  return me;
};

/** Without a session everything is the login page, at the address that was asked for. */
export const Door = () => {
  const me = useQuery({ queryKey: ['me'], queryFn: whoAmI, staleTime: 60_000 });
  if (me.isPending) return <Waiting />;
  if (me.data?.mustChangePassword && !me.isError)
    return (
      <Suspense fallback={<Waiting />}>
        <NewPassword name={me.data.name} />
      </Suspense>
    );
  if (me.data && !me.isError)
    return (
      <MeContext value={me.data}>
        <Layout />
      </MeContext>
    );
  const problem = problemOf(me.error);
  if (problem.status !== 401)
    return (
      <main style={{ maxWidth: 640, margin: '10vh auto', padding: 16 }}>
        <ProblemBox problem={problem} onRetry={() => void me.refetch()} isHeading />
      </main>
    );
  return (
    <Suspense fallback={<Waiting />}>
      <Login />
    </Suspense>
  );
};

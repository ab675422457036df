import type { Me } from '#libs/contract/contract.js';
import { createContext, use } from 'react';

export const MeContext = createContext<Me | null>(null);

export const useMe = () => {
  const me = use(MeContext);
  if (!me) throw new Error('a page was shown without a session');
  return { ...me, mayChange: me.role !== 'reader', isAdmin: me.role === 'admin' };
};

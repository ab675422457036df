import type { Hold } from '#libs/contract/rollouts.js';
import { useQuery } from '@tanstack/react-query';
import { get, query, type Page } from '../../kit/http.js';

/** All open holds at once: they are few, and the list of desa and each desa's page ask for the same. */
export const useHolds = () =>
  useQuery({
    queryKey: ['holds'],
    queryFn: ({ signal }) => get<Page<Hold>>(`/holds${query({ limit: 500 })}`, signal),
    select: ({ items }) => new Map(items.map((hold) => [hold.code, hold])),
    refetchInterval: 15_000,
  });

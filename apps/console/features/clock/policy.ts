import type { Policy, PolicyShown } from '#libs/contract/rollouts.js';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, put } from '../../kit/http.js';

const keyOf = (kabupaten: string, app: string) => ['policies', kabupaten, app] as const;

export const usePolicy = (kabupaten: string, app: string) =>
  useQuery({
    queryKey: keyOf(kabupaten, app),
    enabled: kabupaten !== '',
    queryFn: ({ signal }) => get<PolicyShown>(`/policies/${kabupaten}/${app}`, signal),
  });

export const useSavePolicy = (kabupaten: string, app: string) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (rules: Policy) => put<PolicyShown>(`/policies/${kabupaten}/${app}`, rules),
    onSuccess: () => client.invalidateQueries({ queryKey: keyOf(kabupaten, app) }),
  });
};

import type { DriftList, RepairPolicyShown, Repairs } from '#libs/contract/looks.js';
import type { Run, RunWithSteps } from '#libs/contract/contract.js';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post, put, query } from '../../kit/http.js';
import { hasEnded } from '../../kit/state.js';

const refresh = 10_000;
const lookAgainMilliseconds = 700;

export const useDrift = (server: string) =>
  useQuery({
    queryKey: ['drift', server],
    queryFn: ({ signal }) => get<DriftList>(`/drift${query({ server })}`, signal),
    refetchInterval: refresh,
  });

/** What a repair would do: a run that only plans, asked for when the dialog opens and read until it has ended. */
export const usePlanOf = (id: string) =>
  useQuery({
    queryKey: ['drift-plan', id],
    gcTime: 0,
    retry: false,
    queryFn: async ({ signal }): Promise<RunWithSteps> => {
      const { id: runId } = await post<Run>(`/drift/${id}/repair`, { dryRun: true });
      for (;;) {
        const run = await get<RunWithSteps>(`/runs/${runId}`, signal);
        if (hasEnded(run.state)) return run;
        await new Promise((resolve) => setTimeout(resolve, lookAgainMilliseconds));
      }
    },
  });

export const useRepair = () => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => post<Run>(`/drift/${id}/repair`, { dryRun: false }),
    onSettled: () => client.invalidateQueries({ queryKey: ['drift'] }),
  });
};

export const useRepairAll = () => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (server: string) => post<Repairs>('/drift/repair', server ? { server } : {}),
    onSettled: () => client.invalidateQueries({ queryKey: ['drift'] }),
  });
};

export const useRepairPolicy = (kabupaten: string) =>
  useQuery({
    queryKey: ['repair-policy', kabupaten],
    enabled: kabupaten !== '',
    queryFn: ({ signal }) => get<RepairPolicyShown>(`/drift/policies/${kabupaten}`, signal),
  });

export const useSaveRepairPolicy = (kabupaten: string) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (byItself: string) => put<RepairPolicyShown>(`/drift/policies/${kabupaten}`, { byItself }),
    onSettled: () => client.invalidateQueries({ queryKey: ['repair-policy', kabupaten] }),
  });
};

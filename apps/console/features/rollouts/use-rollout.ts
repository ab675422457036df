import { withChange } from '#libs/contract/rollout-change.js';
import type { RolloutChange, RolloutWhole } from '#libs/contract/rollouts.js';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { get, post } from '../../kit/http.js';
import { hasRolloutEnded } from '../../kit/state.js';
import { openStream, streamLanguage } from '../../kit/stream.js';
import { currentLanguage } from '../../kit/words.js';

const rolloutKey = (id: string) => ['rollouts', id] as const;
/** While the stream is away the page asks by itself. */
const askMilliseconds = 5_000;

const hasProblem = ({ problem, failures }: RolloutWhole) => problem !== null || failures.length > 0;

/** Made anew for each rollout: the page that calls this is keyed by the id. */
export const useRollout = (id: string) => {
  const client = useQueryClient();
  const [isConnected, setConnected] = useState(true);
  const rollout = useQuery({
    queryKey: rolloutKey(id),
    queryFn: ({ signal }) => get<RolloutWhole>(`/rollouts/${id}`, signal),
    refetchInterval: isConnected ? false : askMilliseconds,
  });
  const isOver = rollout.data ? hasRolloutEnded(rollout.data.state) : undefined;
  useEffect(() => {
    if (isOver !== false) return;
    const again = () => void client.invalidateQueries({ queryKey: rolloutKey(id), exact: true });
    let heard: RolloutWhole | undefined;
    const show = (value: RolloutWhole) => {
      heard = value;
      client.setQueryData(rolloutKey(id), value);
      if (hasProblem(value) && streamLanguage() !== currentLanguage()) again();
    };
    const onRollout = (text: string) => show(JSON.parse(text) as RolloutWhole);
    const onChange = (text: string) => {
      if (heard) show(withChange(heard, JSON.parse(text) as RolloutChange));
    };
    return openStream(`/rollouts/${id}/events`, { rollout: onRollout, change: onChange, end: again }, setConnected);
  }, [id, isOver, client]);
  return { rollout, isConnected: isConnected || isOver === true };
};

export type RolloutAct = 'approve' | 'start' | 'pause' | 'resume' | 'stop' | 'retry' | 'release-gate' | 'hold';

/** One act at a time; what the server answers, the page asks for again, so that it never shows a wish as a fact. */
export const useRolloutAct = (id: string) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ act, body }: { act: RolloutAct; body?: unknown }) => post(`/rollouts/${id}/${act}`, body),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['rollouts'] }),
        client.invalidateQueries({ queryKey: ['home'] }),
        client.invalidateQueries({ queryKey: ['holds'] }),
      ]),
  });
};
export type Acting = ReturnType<typeof useRolloutAct>;

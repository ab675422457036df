import type { RolloutWhole } from '#libs/contract/rollouts.js';
import type { Client } from './client.js';

export interface Wish {
  gabungan: string;
  version: string;
  settings?: object;
}

/** Plans, approves what the plan said, and starts. */
export async function startRollout(client: Client, wish: Wish): Promise<RolloutWhole> {
  const { id, planHash } = await client.post<RolloutWhole>('/rollouts', wish);
  await client.post(`/rollouts/${id}/approve`, { hash: planHash });
  return client.post<RolloutWhole>(`/rollouts/${id}/start`);
}

const word = ({ state, phase, waves }: RolloutWhole): string => {
  const told = waves.map(({ position, counts: { waiting, running, done, failed } }) => {
    const parts = Object.entries({ waiting, running, done, failed }).filter(([, count]) => count > 0);
    return `wave ${position + 1}: ${parts.map(([name, count]) => `${count} ${name}`).join(', ') || 'nothing left'}`;
  });
  return phase === 'waves' ? `${state}, ${told.join('; ')}` : `${state}, ${phase}`;
};

/** Until nothing more happens by itself: finished, stopped, or paused for a person with nothing under way. */
export async function followRollout(
  client: Client,
  id: string,
  onWord: (text: string) => void = () => {},
): Promise<RolloutWhole> {
  let told = '';
  for (;;) {
    const seen = await client.get<RolloutWhole>(`/rollouts/${id}`);
    const text = word(seen);
    if (text !== told) onWord(text);
    told = text;
    const isMoving = seen.desa.some(({ state }) => state === 'running');
    if (seen.state === 'finished' || seen.state === 'stopped' || (seen.state === 'paused' && !isMoving)) return seen;
    await new Promise((wake) => setTimeout(wake, 250));
  }
}

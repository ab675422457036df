import type { RolloutWhole } from '#libs/contract/rollouts.js';
import type { Client } from './client.js';
import { hear } from './events.js';

/** Tells every change of a rollout until `isOver` says so. */
export async function followRollout(
  client: Client,
  id: string,
  tell: (rollout: RolloutWhole) => void,
  isOver: (rollout: RolloutWhole) => boolean,
): Promise<RolloutWhole> {
  let rollout!: RolloutWhole;
  await hear(client, `/rollouts/${encodeURIComponent(id)}/events`, ({ event, body }) => {
    if (event !== 'rollout') return false;
    tell((rollout = JSON.parse(body) as RolloutWhole));
    return isOver(rollout);
  });
  return rollout;
}

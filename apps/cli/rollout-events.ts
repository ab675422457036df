import { withChange } from '#libs/contract/rollout-change.js';
import type { RolloutChange, RolloutWhole } from '#libs/contract/rollouts.js';
import type { Client } from './client.js';
import { hear } from './events.js';

/** Tells every change of a rollout until `isOver` says so. A connection taken up again begins with the whole. */
export async function followRollout(
  client: Client,
  id: string,
  tell: (rollout: RolloutWhole) => void,
  isOver: (rollout: RolloutWhole) => boolean,
): Promise<RolloutWhole> {
  let rollout!: RolloutWhole;
  await hear(client, `/rollouts/${encodeURIComponent(id)}/events`, ({ event, body }) => {
    if (event === 'rollout') rollout = JSON.parse(body) as RolloutWhole;
    else if (event === 'change' && rollout) rollout = withChange(rollout, JSON.parse(body) as RolloutChange);
    else return false;
    tell(rollout);
    return isOver(rollout);
  });
  return rollout;
}

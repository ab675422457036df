import type { RolloutWhole } from '#libs/contract/rollouts.js';
import type { Client } from './client.js';
import { AGAIN_MILLISECONDS, eventsOf, isFinal, TRIES } from './events.js';

/** Tells every change of a rollout until `isOver` says so. A connection that breaks is taken up again. */
export async function followRollout(
  client: Client,
  id: string,
  tell: (rollout: RolloutWhole) => void,
  isOver: (rollout: RolloutWhole) => boolean,
): Promise<RolloutWhole> {
  for (let failures = 0; ;) {
    try {
      for await (const { event, body } of eventsOf(client, `/rollouts/${encodeURIComponent(id)}/events`)) {
        failures = 0;
        if (event !== 'rollout') continue;
        const rollout = JSON.parse(body) as RolloutWhole;
        tell(rollout);
        if (isOver(rollout)) return rollout;
      }
    } catch (error) {
      if (isFinal(error) || ++failures > TRIES) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MILLISECONDS));
  }
}

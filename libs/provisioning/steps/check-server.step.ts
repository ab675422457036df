import type { Room } from '#libs/gateway/gateway-port.js';
import { leave, type Step } from '#libs/runs/step.js';
import type { Docker } from '#libs/servers/docker.js';

export interface ServerTarget {
  id: string;
  name: string;
}

export interface ServerTools {
  docker(): Promise<Docker>;
  room(): Promise<Room>;
  record(seen: { facts?: Record<string, unknown>; problem?: string }): Promise<void>;
}

/** Asks the engine what it is and how much room it has. A server that does not answer is recorded as such. */
export const checkServer: Step<ServerTarget, ServerTools, null> = {
  name: 'check-server',
  async plan({ name }) {
    return { says: [`ask server ${name}`], before: null };
  },
  async run(_target, tools) {
    try {
      const facts = await (await tools.docker()).facts();
      await tools.record({ facts: { ...facts, ...(await tools.room()) } });
    } catch (error) {
      await tools.record({ problem: (error as { code?: string }).code ?? 'unexpected' });
      throw error;
    }
  },
  verify: async () => {},
  undo: leave('looks only'),
};

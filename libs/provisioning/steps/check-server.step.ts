import type { Room } from '#libs/gateway/gateway-port.js';
import { leave, type Step } from '#libs/runs/step.js';
import type { Docker } from '#libs/servers/docker.js';

export interface ServerTarget {
  id: string;
  name: string;
}

export interface ServerTools {
  /** What comes before anybody logs in; not ready until the server has passed its check-list. */
  meet(): Promise<{ isReady: boolean }>;
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
      const { isReady } = await tools.meet();
      await tools.record(isReady ? { facts: await factsOf(tools) } : {});
    } catch (error) {
      await tools.record({ problem: (error as { code?: string }).code ?? 'unexpected' });
      throw error;
    }
  },
  verify: async () => {},
  undo: leave('looks only'),
};

const factsOf = async (tools: ServerTools): Promise<Record<string, unknown>> => ({
  ...(await (await tools.docker()).facts()),
  ...(await tools.room()),
});

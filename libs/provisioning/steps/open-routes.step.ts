import type { Step } from '#libs/runs/step.js';
import { leave } from '#libs/runs/step.js';
import type { RestoreTarget, RestoreTools } from '../restore-target.js';

/** Every site that shows the maintenance page goes back to the runtime of the release that stands. */
export const openRoutes: Step<RestoreTarget, RestoreTools, null> = {
  name: 'open-routes',
  async plan({ routed }, tools) {
    const closed = await closedOnes(tools);
    const count = routed.filter(({ domain }) => closed.has(domain)).length;
    return { says: count === 0 ? [] : [`open ${count} sites again`], before: null };
  },
  async run({ routed }, tools) {
    const closed = await closedOnes(tools);
    for (const { domain, site, deny, uploadMiB, runtimes } of routed) {
      const [runtime] = runtimes;
      if (!runtime || !closed.has(domain)) continue;
      const to = { runtime: runtime.name, port: 8080, gateKey: runtime.gateKey.reveal() };
      await tools.gateway.put({ domain, site, deny, uploadMiB, to });
    }
  },
  verify: async () => {},
  undo: leave('the step before closed them and opens them again'),
};

const closedOnes = async ({ gateway }: RestoreTools): Promise<Set<string>> =>
  new Set((await gateway.routes()).filter(({ to }) => to === 'maintenance').map(({ domain }) => domain));

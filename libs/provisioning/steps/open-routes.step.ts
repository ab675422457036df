import type { Step } from '#libs/runs/step.js';
import { leave } from '#libs/runs/step.js';
import type { RestoreTarget, RestoreTools } from '../restore-target.js';

/** Every site that shows the maintenance page goes back to the runtime of the release that stands. */
export const openRoutes: Step<RestoreTarget, RestoreTools, null> = {
  name: 'open-routes',
  async plan({ routed }, tools) {
    const closed = await closedOnes(routed, tools);
    const count = routed.filter(({ domain }) => closed.has(domain)).length;
    return { says: count === 0 ? [] : [`open ${count} sites again`], before: null };
  },
  async run({ routed }, tools) {
    const closed = await closedOnes(routed, tools);
    for (const { serverId, domain, site, deny, uploadMiB, runtimes } of routed) {
      const [runtime] = runtimes;
      if (!runtime || !closed.has(domain)) continue;
      const to = { runtime: runtime.name, port: 8080, gateKey: runtime.gateKey.reveal() };
      await (await tools.gatewayOf(serverId)).put({ domain, site, deny, uploadMiB, to });
    }
  },
  verify: async () => {},
  undo: leave('the step before closed them and opens them again'),
};

async function closedOnes(routed: RestoreTarget['routed'], { gatewayOf }: RestoreTools): Promise<Set<string>> {
  const closed = new Set<string>();
  for (const serverId of new Set(routed.map((one) => one.serverId)))
    for (const { domain, to } of await (await gatewayOf(serverId)).routes())
      if (to === 'maintenance') closed.add(domain);
  return closed;
}

import { NotProved } from '#libs/core/errors.js';
import type { Step } from '#libs/runs/step.js';
import type { Gateway, Route } from '#libs/gateway/gateway-port.js';
import type { Routed } from '../migration-target.js';

/** domain -> runtime that it was routed to; never the gate key. A desa without a route is not named. */
type Before = Record<string, string>;
interface Sites {
  mode: 'rolling' | 'window';
  routed: readonly Routed[];
}
interface Hands {
  gatewayOf(serverId: string): Promise<Pick<Gateway, 'routes' | 'put'>>;
}

const routeOf = ({ domain, site, deny, uploadMiB }: Routed, to: Route['to']): Route => ({
  domain,
  site,
  to,
  deny,
  uploadMiB,
});

const put = async (tools: Hands, routed: Routed, to: Route['to']): Promise<void> =>
  (await tools.gatewayOf(routed.serverId)).put(routeOf(routed, to));

async function openOnes(target: Sites, tools: Hands): Promise<Before> {
  if (target.mode !== 'window') return {};
  const servers = new Set(target.routed.map(({ serverId }) => serverId));
  const found: Route[] = [];
  for (const server of servers) found.push(...(await (await tools.gatewayOf(server)).routes()));
  const routes = new Map(found.map((route) => [route.domain, route]));
  const open = target.routed.flatMap(({ domain }) => {
    const to = routes.get(domain)?.to;
    return typeof to === 'object' && 'runtime' in to ? [[domain, to.runtime] as const] : [];
  });
  return Object.fromEntries(open);
}

/**
 * The old code breaks on the new schema: every desa of the gabungan shows the maintenance page from here on, and the
 * update of each opens it again on its new runtime.
 */
export const closeRoutes: Step<Sites, Hands, Before> = {
  name: 'close-routes',
  async plan(target, tools) {
    const before = await openOnes(target, tools);
    const count = Object.keys(before).length;
    return { says: count === 0 ? [] : [`show the maintenance page on ${count} sites`], before };
  },
  async run(target, tools) {
    const open = await openOnes(target, tools);
    for (const routed of target.routed) if (routed.domain in open) await put(tools, routed, 'maintenance');
  },
  async verify(target, tools) {
    const domains = Object.keys(await openOnes(target, tools));
    if (domains.length > 0) throw new NotProved('routes-not-closed', { domains: domains.slice(0, 10) });
  },
  async undo({ routed }, tools, before) {
    for (const one of routed) {
      const runtime = one.runtimes.find(({ name }) => name === before[one.domain]);
      if (!runtime) continue;
      await put(tools, one, { runtime: runtime.name, port: 8080, gateKey: runtime.gateKey.reveal() });
    }
  },
};

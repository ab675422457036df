import { Unavailable } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import type { Route } from '#libs/gateway/gateway-port.js';
import type { RepairServerTarget, RepairServerTools } from '../repair-target.js';

type GatewayStep = Step<RepairServerTarget, RepairServerTools, null>;

/** Undefined: the proxy does not run or does not tell. A maintenance page that stands is somebody's work and stays. */
async function missingRoutes(target: RepairServerTarget, tools: RepairServerTools): Promise<Route[] | undefined> {
  if ((await tools.docker.container(target.gateway))?.state !== 'running') return undefined;
  const routes = await tools.gateway.routes().catch(() => undefined);
  const known = new Set(routes?.map(({ domain }) => domain));
  return routes && target.routes.filter(({ domain }) => !known.has(domain));
}

/** The proxy of a server runs and knows every route. */
export const startGateway: GatewayStep = {
  name: 'start-gateway',
  async plan(target, tools) {
    if (!target.wantsGateway) return { says: [], before: null };
    const missing = await missingRoutes(target, tools);
    const routes = missing && missing.length > 0 ? [`put back ${missing.length} routes`] : [];
    return {
      says: missing
        ? routes
        : [`start ${target.gateway} and put back what is missing of ${target.routes.length} routes`],
      before: null,
    };
  },
  async run(target, tools) {
    const { docker, gateway } = tools;
    const found = await docker.container(target.gateway);
    if (found && !(await missingRoutes(target, tools))) await docker.remove(target.gateway);
    await gateway.ensure();
    for (const network of target.networks) await gateway.joinNetwork(network);
    await gateway.restore((await missingRoutes(target, tools)) ?? []);
  },
  async verify(target, tools) {
    if (target.wantsGateway && (await missingRoutes(target, tools))?.length !== 0)
      throw new Unavailable('gateway-not-answering', { server: target.name });
  },
  undo: leave('a gateway that runs is left running'),
};

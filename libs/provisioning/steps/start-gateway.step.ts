import { NotProved, Unavailable } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import { missingRoutes, raiseGateway, renewals } from '../gateway-work.js';
import type { RepairServerTarget, RepairServerTools } from '../repair-target.js';

type GatewayStep = Step<RepairServerTarget, RepairServerTools, null>;

async function says(target: RepairServerTarget, tools: RepairServerTools): Promise<string[]> {
  const missing = await missingRoutes(target, tools);
  if (!missing) return [`start ${target.gateway} and put back what is missing of ${target.routes.length} routes`];
  const isTold = !(await tools.gateway.faults()).includes('https');
  return [
    ...(await renewals(target, tools)),
    ...(isTold ? [] : [`tell ${target.gateway} how it serves HTTPS`]),
    ...(missing.length > 0 ? [`put back ${missing.length} routes`] : []),
  ];
}

/** The proxy of a server runs as recorded and knows every route. */
export const startGateway: GatewayStep = {
  name: 'start-gateway',
  async plan(target, tools) {
    return { says: target.wantsGateway ? await says(target, tools) : [], before: null };
  },
  async run(target, tools) {
    const found = await tools.docker.container(target.gateway);
    if (found && !(await missingRoutes(target, tools))) await tools.docker.remove(target.gateway);
    await raiseGateway(target, tools);
  },
  async verify(target, tools) {
    if (!target.wantsGateway) return;
    if ((await missingRoutes(target, tools))?.length !== 0)
      throw new Unavailable('gateway-not-answering', { server: target.name });
    const faults = await tools.gateway.faults();
    if (faults.length > 0) throw new NotProved('gateway-not-as-told', { server: target.name, faults });
  },
  undo: leave('a gateway that runs is left running'),
};

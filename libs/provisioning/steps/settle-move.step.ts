import { NotProved } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import type { Route } from '#libs/gateway/gateway-port.js';
import { askSite, proveObservation } from '../health.js';
import type { MoveTarget, MoveTools } from '../move-target.js';
import { routeTo } from '../target.js';

const passesOn = (route: Route | undefined): boolean => typeof route?.to === 'object' && 'server' in route.to;

/** Nothing is taken away before the new place has shown that it serves. */
export const endForward: Step<MoveTarget, MoveTools, { wasForwarded: boolean }> = {
  name: 'end-forward',
  async plan({ from, to }, tools) {
    proveObservation(to, await askSite(to, tools.to, to.runtime));
    const wasForwarded = passesOn(await tools.from.gateway.route(from.desa.domain));
    const says = `pass no visitors of ${from.desa.domain} on from ${from.server.name} any more`;
    return { says: wasForwarded ? [says] : [], before: { wasForwarded } };
  },
  async run({ from }, tools) {
    if (passesOn(await tools.from.gateway.route(from.desa.domain))) await tools.from.gateway.remove(from.desa.domain);
  },
  async verify({ from }, tools) {
    if (passesOn(await tools.from.gateway.route(from.desa.domain)))
      throw new NotProved('route-left', { domain: from.desa.domain });
  },
  async undo({ from, forward: { host, port, key } }, tools, { wasForwarded }) {
    if (!wasForwarded) return;
    const to = { server: host, port, key: key.reveal() };
    await tools.from.gateway.put({ ...routeTo(from, from.runtime), to });
  },
};

export const removeOldFolder: Step<MoveTarget, MoveTools, null> = {
  name: 'remove-old-folder',
  async plan({ from }, { carriage }) {
    const isThere = (await carriage.list('old')).length > 0;
    return { says: isThere ? [`delete /data/${from.site.site} on ${from.server.name}`] : [], before: null };
  },
  run: (_target, { carriage }) => carriage.erase('old'),
  async verify({ from }, { carriage }) {
    if ((await carriage.list('old')).length > 0) throw new NotProved('folder-left', { site: from.site.site });
  },
  undo: leave('what the desa has stands at its new place'),
};

export const recordSettled: Step<MoveTarget, MoveTools, null> = {
  name: 'record-settled',
  async plan({ from }) {
    return { says: [`record that ${from.server.name} keeps nothing any more`], before: null };
  },
  run: (_target, { moves }) => moves.settle(),
  verify: async () => {},
  undo: leave('what the desa has stands at its new place'),
};

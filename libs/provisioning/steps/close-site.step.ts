import { NotProved } from '#libs/core/errors.js';
import type { Route } from '#libs/gateway/gateway-port.js';
import type { Step } from '#libs/runs/step.js';
import { bytesOf } from '#libs/runtimes/folder-difference.js';
import { predictDowntime } from '../downtime.js';
import type { MoveTarget, MoveTools } from '../move-target.js';
import { routeTo } from '../target.js';

const isOpen = (route: Route | undefined): boolean => route !== undefined && route.to !== 'maintenance';

async function predicted({ carriage, moves }: MoveTools): Promise<number | null> {
  return predictDowntime(await moves.past(), bytesOf(await carriage.list('old')));
}

/** From here on visitors see the maintenance page, until the new place answers. */
export const closeSite: Step<MoveTarget, MoveTools, { wasOpen: boolean }> = {
  name: 'close-site',
  async plan({ from }, tools) {
    const { domain } = from.desa;
    const wasOpen = isOpen(await tools.from.gateway.route(domain));
    const seconds = wasOpen ? await predicted(tools) : null;
    const long = seconds === null ? 'how long is not known yet' : `about ${Math.ceil(seconds)} s, as moves took before`;
    return { says: wasOpen ? [`show the maintenance page of ${domain} (${long})`] : [], before: { wasOpen } };
  },
  async run({ from }, tools) {
    await tools.moves.note({ predictedSeconds: await predicted(tools) });
    await tools.moves.noteClosed(tools.clock.now());
    await tools.from.gateway.put({ ...routeTo(from, from.runtime), to: 'maintenance' });
  },
  async verify({ from }, tools) {
    const { domain } = from.desa;
    if (isOpen(await tools.from.gateway.route(domain))) throw new NotProved('routes-not-closed', { domains: [domain] });
  },
  async undo({ from }, tools, { wasOpen }) {
    if (wasOpen) await tools.from.gateway.put(routeTo(from, from.runtime));
  },
};

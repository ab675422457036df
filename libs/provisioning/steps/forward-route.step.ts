import { NotProved, Unavailable } from '#libs/core/errors.js';
import { leadsTo, type Route } from '#libs/gateway/gateway-port.js';
import { leave, type Step } from '#libs/runs/step.js';
import { askThrough } from '../health.js';
import type { MoveTarget, MoveTools } from '../move-target.js';
import { routeTo } from '../target.js';

const forwarding = ({ from, forward: { host, port, key } }: MoveTarget): Route => ({
  ...routeTo(from, from.runtime),
  to: { server: host, port, key: key.reveal() },
});
const isForwarded = (route: Route | undefined, target: MoveTarget): boolean =>
  route !== undefined && leadsTo(route.to) === leadsTo(forwarding(target).to);

/** The new gateway knows the domain, and still shows the maintenance page: nobody can write at two places. */
export const holdRoute: Step<MoveTarget, MoveTools, null> = {
  name: 'hold-route',
  async plan({ to }, tools) {
    const route = await tools.to.gateway.route(to.desa.domain);
    const says = `show the maintenance page of ${to.desa.domain} on ${to.server.name} too`;
    return { says: route?.to === 'maintenance' ? [] : [says], before: null };
  },
  run: ({ to }, tools) => tools.to.gateway.put({ ...routeTo(to, to.runtime), to: 'maintenance' }),
  async verify({ to }, tools) {
    const { domain } = to.desa;
    if ((await tools.to.gateway.route(domain))?.to !== 'maintenance')
      throw new NotProved('routes-not-closed', { domains: [domain] });
  },
  undo: ({ to }, tools) => tools.to.gateway.remove(to.desa.domain),
};

/** Who comes to the old server is passed on to the new one, where the page of the desa is proved to be the answer. */
export const forwardRoute: Step<MoveTarget, MoveTools, null> = {
  name: 'forward-route',
  async plan(target, tools) {
    const { desa, server } = target.from;
    const is = isForwarded(await tools.from.gateway.route(desa.domain), target);
    return {
      says: is ? [] : [`pass visitors of ${desa.domain} on ${server.name} on to ${target.to.server.name}`],
      before: null,
    };
  },
  run: (target, tools) => tools.from.gateway.put(forwarding(target)),
  async verify(target, tools) {
    const { from, to, forward } = target;
    const { domain } = from.desa;
    const route = await tools.from.gateway.route(domain);
    if (!isForwarded(route, target))
      throw new NotProved('route-not-switched', { domain, runtime: route ? leadsTo(route.to) : '' });
    const { status, site } = await askThrough(to, tools.from.gateway, forward);
    if (status !== 503 || site !== to.site.site)
      throw new Unavailable('forward-not-proved', { domain, server: to.server.name, status });
  },
  undo: ({ from }, tools) => tools.from.gateway.put({ ...routeTo(from, from.runtime), to: 'maintenance' }),
};

/** After the switch: the page of the desa in place of the maintenance page. Its plan asks nothing, so that all of it is tried again. */
export const openSite: Step<MoveTarget, MoveTools, null> = {
  name: 'open-site',
  async plan({ to }) {
    return { says: [`route ${to.desa.domain} to ${to.runtime.name}`], before: null };
  },
  run: ({ to }, tools) => tools.to.gateway.put(routeTo(to, to.runtime)),
  async verify({ to }, tools) {
    const { domain } = to.desa;
    const route = await tools.to.gateway.route(domain);
    if (!route || leadsTo(route.to) !== to.runtime.name)
      throw new Unavailable('route-not-switched', { domain, runtime: route ? leadsTo(route.to) : '' });
  },
  undo: leave('the desa stands there by then'),
};

import { NotProved } from '#libs/core/errors.js';
import { isSameRoute, type Route } from '#libs/gateway/gateway-port.js';
import type { Step } from '#libs/runs/step.js';
import type { RuntimeSpec } from '#libs/runtimes/runtime-port.js';
import { routeTo, type DesaTarget, type Tools } from '../target.js';

/** Which runtime a domain goes to: a name, never the gate key. A maintenance page is put back as one. */
interface Before {
  runtime: string | null;
  isClosed?: boolean;
}

const runtimeOf = (route: Route | undefined): string | null =>
  route && typeof route.to === 'object' && 'runtime' in route.to ? route.to.runtime : null;

const specOf = (target: DesaTarget, name: string): RuntimeSpec | undefined =>
  [target.runtime, target.previousRuntime].find((runtime) => runtime?.name === name);

async function putBack(target: DesaTarget, tools: Tools, { runtime, isClosed }: Before): Promise<void> {
  if (isClosed) return tools.gateway.put({ ...routeTo(target, target.runtime), to: 'maintenance' });
  const old = runtime === null ? undefined : specOf(target, runtime);
  if (old) await tools.gateway.put(routeTo(target, old));
  else await tools.gateway.remove(target.desa.domain);
}

/** One atomic call to the proxy; requests under way finish on the old runtime. */
export const switchRoute: Step<DesaTarget, Tools, Before> = {
  name: 'switch-route',
  async plan(target, tools) {
    const route = await tools.gateway.route(target.desa.domain);
    const isSo = isSameRoute(route, routeTo(target, target.runtime));
    return {
      says: isSo ? [] : [`route ${target.desa.domain} to ${target.runtime.name}`],
      before: { runtime: runtimeOf(route), isClosed: route?.to === 'maintenance' },
    };
  },
  run: (target, tools) => tools.gateway.put(routeTo(target, target.runtime)),
  async verify(target, tools) {
    const runtime = runtimeOf(await tools.gateway.route(target.desa.domain));
    if (runtime !== target.runtime.name)
      throw new NotProved('route-not-switched', { domain: target.desa.domain, runtime: runtime ?? '' });
  },
  undo: putBack,
};

export const closeRoute: Step<DesaTarget, Tools, Before> = {
  name: 'close-route',
  async plan(target, tools) {
    const before = { runtime: runtimeOf(await tools.gateway.route(target.desa.domain)) };
    return { says: before.runtime ? [`close the route of ${target.desa.domain}`] : [], before };
  },
  run: (target, tools) => tools.gateway.remove(target.desa.domain),
  async verify(target, tools) {
    if (await tools.gateway.route(target.desa.domain))
      throw new NotProved('route-left', { domain: target.desa.domain });
  },
  undo: putBack,
};

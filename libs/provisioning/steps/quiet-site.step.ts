import { NotProved } from '#libs/core/errors.js';
import type { Step } from '#libs/runs/step.js';
import type { RuntimeSpec } from '#libs/runtimes/runtime-port.js';
import type { MoveTarget, MoveTools } from '../move-target.js';
import type { DesaTarget, Tools } from '../target.js';

async function holdersAt(target: DesaTarget, { runtimes }: Tools): Promise<RuntimeSpec[]> {
  const holders: RuntimeSpec[] = [];
  for (const runtime of [target.runtime, ...target.otherRuntimes])
    if (await runtimes.holds(runtime, target.site.site)) holders.push(runtime);
  return holders;
}

/** Requests under way end by themselves; what a desa left running beside them is ended. */
async function quieten(target: DesaTarget, tools: Tools): Promise<void> {
  for (const runtime of await holdersAt(target, tools)) await tools.runtimes.take(runtime, target.site.site);
  for (const runtime of [target.runtime, ...target.otherRuntimes])
    await tools.runtimes.silence(runtime, target.site.uid);
}

async function proveQuiet(target: DesaTarget, tools: Tools): Promise<void> {
  const [holder] = await holdersAt(target, tools);
  if (holder) throw new NotProved('site-left', { site: target.site.site, runtime: holder.name });
  for (const runtime of [target.runtime, ...target.otherRuntimes])
    if (!(await tools.runtimes.isSilent(runtime, target.site.uid)))
      throw new NotProved('site-not-quiet', { site: target.site.site, runtime: runtime.name });
}

/** Nothing of the desa runs on either server: from now on its folder changes no more. */
export const quietSite: Step<MoveTarget, MoveTools, { from: string[] }> = {
  name: 'quiet-site',
  async plan({ from, to }, tools) {
    const held = (await holdersAt(from, tools.from)).map(({ name }) => name);
    const says = `stop ${from.site.site} on ${from.server.name} and ${to.server.name}, so that nothing is written`;
    return { says: [says], before: { from: held } };
  },
  async run({ from, to }, tools) {
    await Promise.all([quieten(from, tools.from), quieten(to, tools.to)]);
  },
  async verify({ from, to }, tools) {
    await proveQuiet(from, tools.from);
    await proveQuiet(to, tools.to);
  },
  async undo({ from }, tools, before) {
    for (const runtime of [from.runtime, ...from.otherRuntimes])
      if (before.from.includes(runtime.name)) await tools.from.runtimes.place(runtime, from.site);
  },
};

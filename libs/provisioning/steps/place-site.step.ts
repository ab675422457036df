import { NotProved } from '#libs/core/errors.js';
import type { Step } from '#libs/runs/step.js';
import type { RuntimeSpec } from '#libs/runtimes/runtime-port.js';
import type { DesaTarget, Tools } from '../target.js';

const isPlaced = (target: DesaTarget, tools: Tools): Promise<boolean> =>
  tools.runtimes.holds(target.runtime, target.site.site);

/** The desa in the runtime of the wanted release; its neighbours lose no request. */
export const placeSite: Step<DesaTarget, Tools, { wasPlaced: boolean }> = {
  name: 'place-site',
  async plan(target, tools) {
    const wasPlaced = await isPlaced(target, tools);
    return { says: wasPlaced ? [] : [`place ${target.site.site} in ${target.runtime.name}`], before: { wasPlaced } };
  },
  run: (target, tools) => tools.runtimes.place(target.runtime, target.site),
  async verify(target, tools) {
    if (!(await isPlaced(target, tools)))
      throw new NotProved('site-not-placed', { site: target.site.site, runtime: target.runtime.name });
  },
  async undo(target, tools, { wasPlaced }) {
    if (!wasPlaced && (await tools.runtimes.isRunning(target.runtime.name)))
      await tools.runtimes.take(target.runtime, target.site.site);
  },
};

/** The runtimes that hold the desa: an update of its neighbours has started the next one with all desa in it. */
async function holdersOf(target: DesaTarget, tools: Tools): Promise<RuntimeSpec[]> {
  const holders: RuntimeSpec[] = [];
  for (const runtime of [target.runtime, ...target.otherRuntimes])
    if (await tools.runtimes.holds(runtime, target.site.site)) holders.push(runtime);
  return holders;
}

export const takeSite: Step<DesaTarget, Tools, { from: string[] }> = {
  name: 'take-site',
  async plan(target, tools) {
    const from = (await holdersOf(target, tools)).map(({ name }) => name);
    return { says: from.map((name) => `take ${target.site.site} out of ${name}`), before: { from } };
  },
  async run(target, tools) {
    for (const runtime of await holdersOf(target, tools)) await tools.runtimes.take(runtime, target.site.site);
    await tools.records.patchInstallation(target.installation.id, { placedReleaseId: null });
  },
  async verify(target, tools) {
    const [left] = await holdersOf(target, tools);
    if (left) throw new NotProved('site-left', { site: target.site.site, runtime: left.name });
  },
  async undo(target, tools, { from }) {
    if (from.length === 0) return;
    for (const runtime of [target.runtime, ...target.otherRuntimes])
      if (from.includes(runtime.name)) await tools.runtimes.place(runtime, target.site);
    await tools.records.patchInstallation(target.installation.id, { placedReleaseId: target.release.id });
  },
};

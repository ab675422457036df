import { NotProved } from '#libs/core/errors.js';
import type { Step } from '#libs/runs/step.js';
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

export const takeSite: Step<DesaTarget, Tools, { wasPlaced: boolean }> = {
  name: 'take-site',
  async plan(target, tools) {
    const wasPlaced = await isPlaced(target, tools);
    return { says: wasPlaced ? [`take ${target.site.site} out of ${target.runtime.name}`] : [], before: { wasPlaced } };
  },
  async run(target, tools) {
    await tools.runtimes.take(target.runtime, target.site.site);
    await tools.records.patchInstallation(target.installation.id, { placedReleaseId: null });
  },
  async verify(target, tools) {
    if (await isPlaced(target, tools))
      throw new NotProved('site-left', { site: target.site.site, runtime: target.runtime.name });
  },
  async undo(target, tools, { wasPlaced }) {
    if (!wasPlaced) return;
    await tools.runtimes.place(target.runtime, target.site);
    await tools.records.patchInstallation(target.installation.id, { placedReleaseId: target.release.id });
  },
};

import { leave, type Step } from '#libs/runs/step.js';
import { askSite, proveObservation } from '../health.js';
import type { DesaTarget, Tools } from '../target.js';

async function answers(target: DesaTarget, tools: Tools): Promise<boolean> {
  try {
    proveObservation(target, await askSite(target, tools, target.runtime));
    return true;
  } catch {
    return false;
  }
}

/**
 * A site that stands but does not answer as it should is placed again: its pool and its tree are written anew, its own
 * folder keeps everything. One that is not there at all is the next step's.
 */
export const renewSite: Step<DesaTarget, Tools, null> = {
  name: 'renew-site',
  async plan(target, tools) {
    const isThere = await tools.runtimes.holds(target.runtime, target.site.site);
    const isSo = !isThere || (await answers(target, tools));
    return { says: isSo ? [] : [`place ${target.site.site} in ${target.runtime.name} again`], before: null };
  },
  run: (target, tools) => tools.runtimes.place(target.runtime, target.site),
  // Whether it helped is what the steps after it prove.
  verify: async () => {},
  undo: leave('pool and tree are the ones that the records ask for'),
};

import { NotProved } from '#libs/core/errors.js';
import type { Step } from '#libs/runs/step.js';
import type { DesaTarget, Tools } from '../target.js';

/** What is wrong with the container: another image or settings, or it runs and does not answer. */
async function faultsOf({ runtime }: DesaTarget, { runtimes }: Tools): Promise<string[]> {
  const faults = await runtimes.faults(runtime);
  const isSilent = (await runtimes.isRunning(runtime.name)) && !(await runtimes.isLive(runtime));
  return isSilent ? [...faults, 'silent'] : faults;
}

/** A container that is not the one wanted goes; the next step makes the right one. Its desa are away meanwhile. */
export const renewRuntime: Step<DesaTarget, Tools, null> = {
  name: 'renew-runtime',
  async plan(target, tools) {
    const faults = await faultsOf(target, tools);
    const { name } = target.runtime;
    const says = `replace the container of ${name} (${faults.join(', ')}); its desa are away for some seconds`;
    return { says: faults.length > 0 ? [says] : [], before: null };
  },
  async run(target, tools) {
    if ((await faultsOf(target, tools)).length > 0)
      await tools.runtimes.remove(target.runtime.name, target.runtime.configVolume);
  },
  async verify({ runtime }, tools) {
    const faults = await tools.runtimes.faults(runtime);
    if (faults.length > 0) throw new NotProved('runtime-faulty', { runtime: runtime.name, faults });
  },
  // The wrong one is not made again: a runtime as it is wanted serves its desa in any case.
  undo: async (target, tools) => {
    if (await tools.runtimes.isRunning(target.runtime.name)) return;
    await tools.runtimes.ensure(target.runtime, await tools.records.sitesFor(target));
  },
};

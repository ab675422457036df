import { NotProved } from '#libs/core/errors.js';
import type { Step } from '#libs/runs/step.js';
import type { DesaTarget, Tools } from '../target.js';

/**
 * The runtime of the wanted release beside the old one. It starts with every desa of the gabungan already placed, so
 * that the updates that follow only probe and switch.
 */
export const startRuntime: Step<DesaTarget, Tools, { wasRunning: boolean }> = {
  name: 'start-runtime',
  async plan(target, tools) {
    const wasRunning = await tools.runtimes.isRunning(target.runtime.name);
    return {
      says:
        wasRunning && (await tools.runtimes.isLive(target.runtime))
          ? []
          : [`start runtime ${target.runtime.name} from ${target.runtime.image}`],
      before: { wasRunning },
    };
  },
  async run(target, tools) {
    const neighbours = await tools.records.sitesFor(target);
    await tools.runtimes.ensure(target.runtime, neighbours);
  },
  async verify(target, tools) {
    if (!(await tools.runtimes.isLive(target.runtime)))
      throw new NotProved('runtime-not-running', { runtime: target.runtime.name });
  },
  async undo(target, tools, { wasRunning }) {
    if (wasRunning || (await tools.records.isWanted(target.server.id, target.runtime.name, target.run.id))) return;
    await tools.runtimes.remove(target.runtime.name, target.runtime.configVolume);
    await tools.records.forgetRuntime(target.server.id, target.runtime.name);
  },
};

/** The old runtime goes when its last desa has left. */
export const retireRuntime: Step<DesaTarget, Tools, null> = {
  name: 'retire-runtime',
  async plan(target, tools) {
    const old = oldRuntime(target);
    const isEmpty = old && !(await tools.records.isWanted(target.server.id, old.name, target.run.id));
    return { says: isEmpty ? [`stop runtime ${old.name}: its last desa has left`] : [], before: null };
  },
  async run(target, tools) {
    const old = oldRuntime(target);
    if (!old || (await tools.records.isWanted(target.server.id, old.name, target.run.id))) return;
    await tools.runtimes.remove(old.name, old.configVolume);
    await tools.records.forgetRuntime(target.server.id, old.name);
  },
  async verify() {},
  undo: Object.assign(async () => {}, { reason: 'a runtime is made anew from its release whenever a desa wants it' }),
};

const oldRuntime = (target: DesaTarget) => (target.run.verb === 'remove' ? target.runtime : target.previousRuntime);

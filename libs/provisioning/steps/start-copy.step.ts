import { NotProved } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import { actorOf, type RehearsalTarget, type RehearsalTools } from '../rehearsal/target.js';

/** A throw-away server beside the real one, on a network of its own. */
export const startCopy: Step<RehearsalTarget, RehearsalTools, null> = {
  name: 'start-copy',
  async plan(target, tools) {
    const { host } = actorOf(target).gabungan;
    return { says: (await tools.isCopyRunning()) ? [] : [`start a throw-away server ${host}`], before: null };
  },
  run: (_target, tools) => tools.startCopy(),
  async verify(_target, tools) {
    await tools.copy.gabungan.count('SELECT 1');
  },
  undo: (_target, tools) => tools.removeCopy(),
};

/** Nothing of the rehearsal stays but its report. */
export const removeCopy: Step<RehearsalTarget, RehearsalTools, null> = {
  name: 'remove-copy',
  async plan(target, tools) {
    const { name } = actorOf(target).gabungan;
    return { says: (await tools.isCopyThere()) ? [`remove everything of ${name}`] : [], before: null };
  },
  run: (_target, tools) => tools.removeCopy(),
  async verify(target, tools) {
    if (await tools.isCopyThere()) throw new NotProved('copy-left', { container: actorOf(target).gabungan.host });
  },
  undo: leave('the copy is nobody’s'),
};

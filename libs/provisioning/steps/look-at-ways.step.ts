import { leave, type Step } from '#libs/runs/step.js';
import type { Way } from '../way-port.js';

export interface WaysTools {
  /** From every server on which desa of this gabungan live, when it is another one; those that are away are left out. */
  ways(): Promise<Way[]>;
}

/** Each way is asked as a runtime would ask; the first that does not lead there is told with what to do. */
export const lookAtWays: Step<unknown, WaysTools, null> = {
  name: 'look-at-ways',
  async plan(_target, tools) {
    const says: string[] = [];
    for (const way of await tools.ways()) says.push(`ask through ${await way.says()}`);
    return { says, before: null };
  },
  run: async () => {},
  async verify(_target, tools) {
    for (const way of await tools.ways()) await way.prove();
  },
  undo: leave('looks only'),
};

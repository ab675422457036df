import { NotProved } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import type { RepairServerTarget, RepairServerTools } from '../repair-target.js';

/** Those of the wanted that are there and still unknown to the records. */
async function left({ containers }: RepairServerTarget, { docker, isKnown }: RepairServerTools): Promise<string[]> {
  const found: string[] = [];
  for (const name of containers) if ((await docker.container(name)) && !(await isKnown(name))) found.push(name);
  return found;
}

/** A container with our label that no record knows goes; volumes with a name stay. */
export const removeContainer: Step<RepairServerTarget, RepairServerTools, null> = {
  name: 'remove-container',
  async plan(target, tools) {
    return {
      says: (await left(target, tools)).map((name) => `remove container ${name}; its volumes stay`),
      before: null,
    };
  },
  async run(target, tools) {
    for (const name of await left(target, tools)) await tools.docker.remove(name);
  },
  async verify(target, tools) {
    const [container] = await left(target, tools);
    if (container) throw new NotProved('container-left', { container });
  },
  undo: leave('nobody knows what it was started for; its volumes are there'),
};

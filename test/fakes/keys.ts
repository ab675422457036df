import { AppError } from '#libs/core/errors.js';
import type { Step } from '#libs/runs/step.js';

export type World = Map<string, string>;
export type Fault = 'plan' | 'run' | 'half' | 'verify';
export interface Tools {
  world: World;
  fault?: { key: string; at: Fault; error?: Error; times?: number };
}

export const clock = { now: () => new Date(), sleep: async () => {} };

const trip = (tools: Tools, key: string, at: Fault): void => {
  const { fault } = tools;
  if (fault?.key !== key || fault.at !== at || fault.times === 0) return;
  if (fault.times !== undefined) fault.times -= 1;
  throw fault.error ?? new AppError('told-to-fail', { key, at });
};

/** Sets two keys, so that there is a half-way. */
export const setKey = (key: string): Step<string, Tools, { was: [string | null, string | null] }> => ({
  name: `set-${key}`,
  async plan(target, tools) {
    trip(tools, key, 'plan');
    const was: [string | null, string | null] = [tools.world.get(key) ?? null, tools.world.get(`${key}2`) ?? null];
    return { says: was[0] === target && was[1] === target ? [] : [`set ${key}`], before: { was } };
  },
  async run(target, tools) {
    trip(tools, key, 'run');
    tools.world.set(key, target);
    trip(tools, key, 'half');
    tools.world.set(`${key}2`, target);
  },
  async verify(target, tools) {
    trip(tools, key, 'verify');
    if (tools.world.get(`${key}2`) !== target) throw new AppError('not-set', { key });
  },
  async undo(_target, tools, { was }) {
    for (const [name, value] of [
      [key, was[0]],
      [`${key}2`, was[1]],
    ] as const)
      if (value === null) tools.world.delete(name);
      else tools.world.set(name, value);
  },
});

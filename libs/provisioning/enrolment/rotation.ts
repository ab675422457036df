import { NotProved } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';

export interface RotationTarget {
  id: string;
  name: string;
}

export interface RotationTools {
  /** The line of the pair in use. */
  lineNow(): Promise<string>;
  /** The line of the next pair, which is made when there is none. */
  lineNext(): Promise<string>;
  place(line: string): Promise<void>;
  remove(line: string): Promise<void>;
  /** A login of its own with either pair; throws `ssh-login-refused`. */
  prove(which: 'now' | 'next'): Promise<void>;
  swap(): Promise<void>;
  forgetNext(): Promise<void>;
}

type Before = { line: string };

/** The new key stands beside the old one and has opened the door before anything else happens. */
export const placeNextKey: Step<RotationTarget, RotationTools, Before> = {
  name: 'place-next-key',
  async plan({ name }, tools) {
    return { says: [`put a new key beside the old one on ${name}`], before: { line: await tools.lineNow() } };
  },
  run: async (_target, tools) => tools.place(await tools.lineNext()),
  verify: (_target, tools) => tools.prove('next'),
  async undo(_target, tools) {
    await tools.remove(await tools.lineNext());
    await tools.forgetNext();
  },
};

export const useNextKey: Step<RotationTarget, RotationTools, Before> = {
  name: 'use-next-key',
  plan: async (_target, tools) => ({
    says: ['log in with the new key from now on'],
    before: { line: await tools.lineNow() },
  }),
  async run(_target, tools, { line }) {
    if ((await tools.lineNow()) === line) await tools.swap();
  },
  verify: (_target, tools) => tools.prove('now'),
  async undo(_target, tools, { line }) {
    if ((await tools.lineNow()) !== line) await tools.swap();
  },
};

/** After the swap the old pair is the one beside. */
export const removeOldKey: Step<RotationTarget, RotationTools, null> = {
  name: 'remove-old-key',
  plan: async ({ name }) => ({ says: [`remove the old key from ${name}`], before: null }),
  run: async (_target, tools) => tools.remove(await tools.lineNext()),
  async verify({ name }, tools) {
    const isOpen = await tools.prove('next').then(
      () => true,
      (error: { code?: string }) => {
        if (error.code !== 'ssh-login-refused') throw error;
        return false;
      },
    );
    if (isOpen) throw new NotProved('ssh-old-key-works', { server: name });
    await tools.forgetNext();
  },
  undo: leave('the new key is in use; the old one opens nothing any more'),
};

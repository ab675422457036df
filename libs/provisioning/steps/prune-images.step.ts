import type { Old, Pruning } from '#libs/images/images-port.js';
import { leave, type Step } from '#libs/runs/step.js';

export interface PruneTools {
  pruning: Pruning;
}

const says = ({ onServer, inRegistry }: Old): string[] => [
  ...onServer.map((image) => `remove image ${image}: nobody stands on it`),
  ...inRegistry.map((image) => `let go of ${image} in the registry`),
];

/** Images of releases that nobody stands on, goes back to or is about to move to (libs/images/prunable.ts). */
export const pruneImages: Step<unknown, PruneTools, null> = {
  name: 'prune-images',
  plan: async (_target, { pruning }) => ({ says: says(await pruning.old()), before: null }),
  run: async (_target, { pruning }) => pruning.remove(await pruning.old()),
  verify: async () => {},
  undo: leave('a release that is wanted again is built or shipped again'),
};

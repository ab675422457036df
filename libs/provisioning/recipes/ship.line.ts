import type { Line } from '#libs/runs/recipe.js';
import type { Step } from '#libs/runs/step.js';

interface OnServer {
  server: { name: string };
  release: { image: string | null };
}

/** As long as a whole image needs over a slow line; of all who want it there one brings it, and the others find it. */
export const shipLine = <Target, Tools>(
  step: Step<Target, Tools, null>,
  at: (target: Target) => OnServer,
): Line<Target, Tools> => ({
  step,
  timeoutSeconds: 7200,
  retries: 2,
  holds: (target) => {
    const { server, release } = at(target);
    return `image:${server.name}:${release.image}`;
  },
});

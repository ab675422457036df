import { Conflict } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import type { DesaTarget, Tools } from '../target.js';

/** The release stands on the server already. */
export const checkImage: Step<DesaTarget, Tools, null> = {
  name: 'check-image',
  async plan({ release, server }, { docker }) {
    if (!release.image || !(await docker.image(release.image)))
      throw new Conflict('image-not-there', { version: release.version, server: server.name });
    return { says: [], before: null };
  },
  run: async () => {},
  verify: async () => {},
  undo: leave('looks only'),
};

import { leave, type Step } from '#libs/runs/step.js';
import { askSite, proveObservation } from '../health.js';
import type { DesaTarget, Tools } from '../target.js';

/** Before any visitor: the site in its new runtime names the right desa and the right version. */
export const probeSite: Step<DesaTarget, Tools, null> = {
  name: 'probe-site',
  async plan({ app, desa, release }) {
    return { says: [`ask ${desa.domain}${app.health.path} for its name and ${release.version}`], before: null };
  },
  run: async () => {},
  async verify(target, tools) {
    proveObservation(target, await askSite(target, tools, target.runtime));
  },
  undo: leave('looks only'),
};

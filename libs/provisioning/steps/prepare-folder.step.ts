import { NotProved } from '#libs/core/errors.js';
import type { Step } from '#libs/runs/step.js';
import { hasKey } from '../registration.js';
import type { DesaTarget, Tools } from '../target.js';

/**
 * The desa's own folder: its key, its rendered files, the folders the release wants. Never overwrites
 * state. A runtime that stands with the desa placed in it has prepared the folder already.
 */
export const prepareFolder: Step<DesaTarget, Tools, { existed: boolean }> = {
  name: 'prepare-folder',
  async plan(target, tools) {
    const isPlaced = target.run.verb === 'update' && (await tools.runtimes.holds(target.runtime, target.site.site));
    if (isPlaced) return { says: [], before: { existed: true } };
    const existed = await hasKey(target, tools);
    return { says: [`prepare folder /data/${target.site.site} for uid ${target.site.uid}`], before: { existed } };
  },
  run: (target, tools) => tools.runtimes.prepareData(target.runtime, target.site),
  async verify(target, tools) {
    if (target.app.site.keyFile && !(await hasKey(target, tools)))
      throw new NotProved('folder-missing', { code: target.desa.code });
  },
  async undo(target, tools, { existed }) {
    if (!existed) await tools.runtimes.removeData(target.runtime, target.site.site);
  },
};

import { NotProved } from '#libs/core/errors.js';
import type { Step } from '#libs/runs/step.js';
import { isCodeOnly, isNewerThanGabungan } from '../migration.js';
import { askSite, proveObservation } from '../health.js';
import type { DesaTarget, Tools } from '../target.js';

/** What the site answers where visitors are sent now becomes the record; never what we asked for. */
export const recordSite: Step<DesaTarget, Tools, null> = {
  name: 'record-site',
  async plan({ desa }) {
    return { says: [`look at ${desa.domain} again and record what it answers`], before: null };
  },
  async run(target, tools) {
    const seen = await askSite(target, tools, target.runtime);
    proveObservation(target, seen);
    await tools.records.patchInstallation(target.installation.id, {
      placedReleaseId: target.release.id,
      observedVersion: seen.version,
      observedTitle: seen.title,
      observedAt: tools.clock.now(),
    });
    if (isCodeOnly(target) && isNewerThanGabungan(target))
      await tools.records.patchGabungan(target.gabungan.id, { version: target.release.version });
    await tools.say('info', `observed ${seen.title} ${seen.version}`, 'record-site');
  },
  async verify(target, tools) {
    const record = await tools.records.installation(target.installation.id);
    if (record.placedReleaseId !== target.release.id) throw new NotProved('record-missing', { code: target.desa.code });
  },
  undo: Object.assign(
    async (target: DesaTarget, tools: Tools) =>
      tools.records.patchInstallation(target.installation.id, { placedReleaseId: target.previous?.id ?? null }),
    {},
  ),
};

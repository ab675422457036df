import { Conflict, NotProved } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import { hasKey, idOf, registrationOf, removeRow } from '../registration.js';
import type { DesaTarget, Tools } from '../target.js';

/** Refuses to remove the row on which the others stand (facts/opensid 14.10). */
export const checkRemoval: Step<DesaTarget, Tools, null> = {
  name: 'check-removal',
  async plan(target, tools) {
    await tools.docker.ping();
    const id = await idOf(target, tools);
    if (id !== undefined && id === registrationOf(target).protectedId)
      throw new Conflict('desa-protected', { name: target.desa.name, gabungan: target.gabungan.name, id });
    return { says: [], before: null };
  },
  run: async () => {},
  verify: async () => {},
  undo: leave('looks only'),
};

/** The desa's rows leave the merged database after the verified export; undo brings them back from it. */
export const removeRows: Step<DesaTarget, Tools, { id: number | null }> = {
  name: 'remove-rows',
  async plan(target, tools) {
    const id = (await idOf(target, tools)) ?? null;
    return {
      says: id === null ? [] : [`delete the rows of ${target.desa.name} (id ${id}) from ${target.gabungan.database}`],
      before: { id },
    };
  },
  async run(target, tools, { id }) {
    if (!(await tools.backups.ofRun(target.run.id))) throw new NotProved('backup-missing', { code: target.desa.code });
    if (id !== null) await removeRow(target, tools, id);
  },
  async verify(target, tools) {
    if ((await idOf(target, tools)) !== undefined) throw new NotProved('rows-left', { code: target.desa.code });
  },
  async undo(target, tools, { id }) {
    const receipt = await tools.backups.ofRun(target.run.id);
    if (id === null || !receipt || (await idOf(target, tools)) !== undefined) return;
    await tools.backups.restoreRows(target, receipt);
  },
};

/** Last of all; the export stays as the receipt. */
export const removeFolder: Step<DesaTarget, Tools, { existed: boolean }> = {
  name: 'remove-folder',
  async plan(target, tools) {
    const existed = await hasKey(target, tools);
    return { says: existed ? [`delete folder /data/${target.site.site}`] : [], before: { existed } };
  },
  run: (target, tools) => tools.runtimes.removeData(target.runtime, target.site.site),
  async verify(target, tools) {
    if (await hasKey(target, tools)) throw new NotProved('folder-left', { site: target.site.site });
  },
  async undo(target, tools, { existed }) {
    const receipt = await tools.backups.ofRun(target.run.id);
    if (existed && receipt) await tools.backups.restoreFolder(target, receipt);
  },
};

import { NotProved } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import { needsMigration } from '../migration.js';
import type { DesaTarget, Tools } from '../target.js';

/**
 * Rows and folder of the desa, proved restorable, before anything changes them. A code-only update changes neither
 * (docs/adr/0006), so there it is already so.
 */
export const backupDesa = (kind: 'update' | 'remove'): Step<DesaTarget, Tools, null> => ({
  name: 'backup-desa',
  async plan(target, tools) {
    if (kind === 'update' && !(await needsMigration(target, tools))) return { says: [], before: null };
    return { says: [`back up rows and folder of ${target.desa.name} and restore them on the side`], before: null };
  },
  async run(target, tools) {
    if (await tools.backups.ofRun(target.run.id)) return;
    const { folder, bytes } = await tools.backups.make(target, kind);
    await tools.say('info', `backup ${folder}, ${bytes} bytes, restored and compared`, 'backup-desa');
  },
  async verify(target, tools) {
    if (kind === 'update' && !(await needsMigration(target, tools))) return;
    if (!(await tools.backups.ofRun(target.run.id))) throw new NotProved('backup-missing', { code: target.desa.code });
  },
  undo: leave('a backup is kept'),
});

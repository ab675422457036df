import { NotProved } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import type { GabunganBackups, WholeOf } from '../gabungan-backups-port.js';

export interface PruneTools {
  wholeBackups: Pick<GabunganBackups, 'superseded' | 'prune'>;
}

/** Only after a newer one was proved: the last thing a backup does. */
export const pruneBackups: Step<WholeOf, PruneTools, null> = {
  name: 'prune-backups',
  async plan(target, { wholeBackups }) {
    const folders = await wholeBackups.superseded(target);
    return { says: folders.map((folder) => `remove the old backup ${folder}`), before: null };
  },
  run: (target, { wholeBackups }) => wholeBackups.prune(target),
  async verify(target, { wholeBackups }) {
    const left = await wholeBackups.superseded(target);
    if (left.length > 0) throw new NotProved('backups-stay', { name: target.gabungan.name, count: left.length });
  },
  undo: leave('only what newer backups have replaced was removed'),
};

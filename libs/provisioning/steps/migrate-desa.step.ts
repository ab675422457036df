import { NotProved } from '#libs/core/errors.js';
import type { Step } from '#libs/runs/step.js';
import { playActs, withOneOff } from '../acts.js';
import { migrationOf, needsMigration, swallowedErrors } from '../migration.js';
import { scrub } from '#libs/runs/scrub.js';
import type { DesaTarget, Tools } from '../target.js';

/**
 * Lets the new release migrate as the owner, in a one-off runtime, while the recipe holds the gabungan. Proved by the
 * migration's own rows and by the application's log; the page's version proves nothing.
 */
export const migrateDesa: Step<DesaTarget, Tools, null> = {
  name: 'migrate-desa',
  async plan(target, tools) {
    const isNeeded = await needsMigration(target, tools);
    return {
      says: isNeeded ? [`migrate ${target.gabungan.database} to ${target.release.version} as its owner`] : [],
      before: null,
    };
  },
  async run(target, tools) {
    await withOneOff(target, tools, async () => {
      await tools.runtimes.emptyState(target.oneOff, target.ownerSite, [migrationOf(target).logFolder]);
      await playActs(migrationOf(target).acts, target, tools);
      const swallowed = await swallowedErrors(target, tools);
      if (swallowed.length > 0)
        throw new NotProved('migration-swallowed-errors', {
          version: target.release.version,
          lines: swallowed.slice(0, 5).map(scrub),
        });
    });
  },
  async verify(target, tools) {
    if (await needsMigration(target, tools))
      throw new NotProved('migration-not-proved', { version: target.release.version });
  },
  undo: Object.assign(
    (target: DesaTarget, tools: Tools) => tools.runtimes.remove(target.oneOff.name, target.oneOff.configVolume),
    {
      reason:
        'a schema change serves every desa of the gabungan and the old code goes on serving on it; the backup of this run holds the rows',
    },
  ),
};

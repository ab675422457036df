import type { Recipe } from '#libs/runs/recipe.js';
import type { WholeOf } from '../gabungan-backups-port.js';
import type { MigrationTarget, MigrationTools } from '../migration-target.js';
import type { RestoreTarget, RestoreTools } from '../restore-target.js';
import type { RehearsalTarget, RehearsalTools } from '../rehearsal/target.js';
import { backupBefore, backupWhole, type BackupTools } from '../steps/backup-gabungan.step.js';
import { checkEvidence, compareSchema } from '../steps/check-evidence.step.js';
import { checkGabungan } from '../steps/check-gabungan.step.js';
import { checkRehearsal } from '../steps/check-rehearsal.step.js';
import { checkTarget } from '../steps/check-target.step.js';
import { closeRoutes } from '../steps/close-routes.step.js';
import { dropKept, type LetGoTarget, type LetGoTools } from '../steps/drop-kept.step.js';
import { copyFolders, fillCopy } from '../steps/fill-copy.step.js';
import { judgeRehearsal } from '../steps/judge-rehearsal.step.js';
import { migrateCopy } from '../steps/migrate-copy.step.js';
import { migrateDesa } from '../steps/migrate-desa.step.js';
import { openRoutes } from '../steps/open-routes.step.js';
import { openWay } from '../steps/open-way.step.js';
import { pruneBackups } from '../steps/prune-backups.step.js';
import { checkBackup, exchangeDatabases, loadBeside, recordRestored } from '../steps/restore-gabungan.step.js';
import { shipForRehearsal, shipImage } from '../steps/ship-image.step.js';
import { removeCopy, startCopy } from '../steps/start-copy.step.js';
import { tourBefore, tourNew, tourOld } from '../steps/tour-copy.step.js';
import { shipLine } from './ship.line.js';

const gabungan = (target: { gabungan: { name: string } }): string => `gabungan:${target.gabungan.name}`;
/** A whole gabungan is read or loaded: minutes each for the large ones. */
const WHOLE = 7200;

export const backup = (kind: 'rollout' | 'manual'): Recipe<WholeOf, BackupTools> => ({
  verb: 'backup',
  lines: [
    { step: backupWhole(kind), timeoutSeconds: WHOLE, holds: gabungan },
    { step: pruneBackups, timeoutSeconds: 600, retries: 2, pastNoReturn: true },
  ],
});

/** Nothing real is touched: the gabungan is read once, everything else happens on the copy. */
export const rehearse: Recipe<RehearsalTarget, RehearsalTools> = {
  verb: 'rehearse',
  lines: [
    { step: checkRehearsal, timeoutSeconds: 60, retries: 2 },
    shipLine(shipForRehearsal, ({ gabungan, release }) => ({ server: { name: gabungan.serverId }, release })),
    { step: startCopy, timeoutSeconds: 300, retries: 1 },
    { step: fillCopy, timeoutSeconds: WHOLE, retries: 1, holds: gabungan },
    { step: copyFolders, timeoutSeconds: WHOLE, retries: 1 },
    { step: tourBefore, timeoutSeconds: 1800, retries: 1 },
    { step: migrateCopy, timeoutSeconds: WHOLE, retries: 1 },
    { step: tourOld, timeoutSeconds: 1800, retries: 1 },
    { step: tourNew, timeoutSeconds: 1800, retries: 1 },
    { step: judgeRehearsal, timeoutSeconds: 60, retries: 1 },
    { step: removeCopy, timeoutSeconds: 180, retries: 2 },
  ],
};

/** Once, under the gabungan's lock, as its owner, by the canary: the updates of the desa find nothing left to migrate. */
export const migrate: Recipe<MigrationTarget, MigrationTools> = {
  verb: 'migrate',
  lines: [
    { step: checkTarget, timeoutSeconds: 60, retries: 2 },
    { step: checkEvidence, timeoutSeconds: 60, retries: 2 },
    shipLine(shipImage, (target: MigrationTarget) => target),
    { step: openWay, timeoutSeconds: 180, retries: 2 },
    { step: backupBefore, timeoutSeconds: WHOLE, holds: gabungan },
    { step: closeRoutes, timeoutSeconds: 300, retries: 2 },
    { step: migrateDesa, timeoutSeconds: 3600, holds: gabungan },
    { step: compareSchema, timeoutSeconds: 60, retries: 2 },
    { step: checkGabungan, timeoutSeconds: 120, retries: 2 },
  ],
};

/** Restored beside and proved there before anybody is sent away; the exchange itself is one statement. */
export const restore: Recipe<RestoreTarget, RestoreTools> = {
  verb: 'restore',
  lines: [
    { step: checkBackup, timeoutSeconds: 60, retries: 2 },
    { step: loadBeside, timeoutSeconds: WHOLE },
    { step: closeRoutes, timeoutSeconds: 300, retries: 2 },
    { step: exchangeDatabases, timeoutSeconds: 1800, holds: gabungan },
    { step: recordRestored, timeoutSeconds: 120, retries: 2 },
    { step: openRoutes, timeoutSeconds: 300, retries: 2, pastNoReturn: true },
  ],
};

/** What a restore kept goes when a person says so, never by itself. */
export const letGo: Recipe<LetGoTarget, LetGoTools> = {
  verb: 'let-go',
  lines: [{ step: dropKept, timeoutSeconds: 1800, retries: 2, holds: gabungan }],
};

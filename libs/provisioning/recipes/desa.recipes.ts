import type { Recipe } from '#libs/runs/recipe.js';
import { backupDesa } from '../steps/backup-desa.step.js';
import { backupBefore } from '../steps/backup-gabungan.step.js';
import { checkGabungan } from '../steps/check-gabungan.step.js';
import { checkTarget } from '../steps/check-target.step.js';
import { createAccount, dropAccount } from '../steps/create-account.step.js';
import { migrateDesa } from '../steps/migrate-desa.step.js';
import { closeWay, openWay } from '../steps/open-way.step.js';
import { placeSite, takeSite } from '../steps/place-site.step.js';
import { prepareFolder } from '../steps/prepare-folder.step.js';
import { probeSite } from '../steps/probe-site.step.js';
import { recordSite } from '../steps/record-site.step.js';
import { registerDesa } from '../steps/register-desa.step.js';
import { checkRemoval, removeFolder, removeRows } from '../steps/remove-rows.step.js';
import { shipImage } from '../steps/ship-image.step.js';
import { retireRuntime, startRuntime } from '../steps/start-runtime.step.js';
import { closeRoute, switchRoute } from '../steps/switch-route.step.js';
import type { DesaTarget, Tools } from '../target.js';
import { repairDesa } from './repair.recipes.js';
import { shipLine } from './ship.line.js';

const gabungan = (target: DesaTarget): string => `gabungan:${target.gabungan.name}`;
const runtime = (target: DesaTarget): string => `runtime:${target.server.name}:${target.runtime.name}`;

const ship = shipLine(shipImage, (target: DesaTarget) => target);

/** The new release stands beside the old one, is proved, and only then gets the visitors. */
const stand: Recipe<DesaTarget, Tools>['lines'] = [
  { step: startRuntime, timeoutSeconds: 180, holds: runtime },
  { step: placeSite, timeoutSeconds: 120, holds: runtime },
  { step: probeSite, timeoutSeconds: 60, retries: 2 },
  { step: switchRoute, timeoutSeconds: 60, retries: 2 },
  { step: recordSite, timeoutSeconds: 60, retries: 2 },
];

export const install: Recipe<DesaTarget, Tools> = {
  verb: 'install',
  lines: [
    { step: checkTarget, timeoutSeconds: 60, retries: 2 },
    ship,
    { step: openWay, timeoutSeconds: 180, retries: 2 },
    { step: createAccount, timeoutSeconds: 60, retries: 2 },
    { step: prepareFolder, timeoutSeconds: 120 },
    { step: registerDesa, timeoutSeconds: 900, holds: gabungan },
    { step: checkGabungan, timeoutSeconds: 120, retries: 2 },
    ...stand,
  ],
};

export const update: Recipe<DesaTarget, Tools> = {
  verb: 'update',
  lines: [
    { step: checkTarget, timeoutSeconds: 60, retries: 2 },
    ship,
    { step: openWay, timeoutSeconds: 180, retries: 2 },
    { step: backupDesa('update'), timeoutSeconds: 1800 },
    { step: backupBefore, timeoutSeconds: 7200, holds: gabungan },
    { step: prepareFolder, timeoutSeconds: 120 },
    { step: migrateDesa, timeoutSeconds: 1800, holds: gabungan },
    { step: checkGabungan, timeoutSeconds: 120, retries: 2 },
    ...stand,
    { step: retireRuntime, timeoutSeconds: 120, holds: runtime, pastNoReturn: true },
  ],
};

export const remove: Recipe<DesaTarget, Tools> = {
  verb: 'remove',
  lines: [
    { step: checkRemoval, timeoutSeconds: 60, retries: 2 },
    { step: backupDesa('remove'), timeoutSeconds: 1800 },
    { step: closeRoute, timeoutSeconds: 60, retries: 2 },
    { step: takeSite, timeoutSeconds: 120, holds: runtime },
    { step: removeRows, timeoutSeconds: 600, holds: gabungan },
    { step: dropAccount, timeoutSeconds: 60, retries: 2 },
    { step: removeFolder, timeoutSeconds: 300 },
    { step: retireRuntime, timeoutSeconds: 120, holds: runtime, pastNoReturn: true },
    { step: closeWay, timeoutSeconds: 120, pastNoReturn: true },
  ],
};

export const desaRecipes: ReadonlyMap<string, Recipe<DesaTarget, Tools>> = new Map(
  [install, update, remove, repairDesa].map((recipe) => [recipe.verb, recipe]),
);

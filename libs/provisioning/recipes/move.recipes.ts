import type { Recipe } from '#libs/runs/recipe.js';
import type { MoveTarget, MoveTools } from '../move-target.js';
import { onNew, onOld } from '../on-side.js';
import { checkMove } from '../steps/check-move.step.js';
import { closeSite } from '../steps/close-site.step.js';
import { copyFolder, copyRest } from '../steps/copy-folder.step.js';
import { forwardRoute, holdRoute, openSite } from '../steps/forward-route.step.js';
import { closeWay, openWay } from '../steps/open-way.step.js';
import { placeSite } from '../steps/place-site.step.js';
import { probeSite } from '../steps/probe-site.step.js';
import { quietSite } from '../steps/quiet-site.step.js';
import { proveMove, recordMove } from '../steps/record-move.step.js';
import { endForward, recordSettled, removeOldFolder } from '../steps/settle-move.step.js';
import { shipImage } from '../steps/ship-image.step.js';
import { retireRuntime, startRuntime } from '../steps/start-runtime.step.js';
import { shipLine } from './ship.line.js';

const newRuntime = ({ to }: MoveTarget): string => `runtime:${to.server.name}:${to.runtime.name}`;
const oldRuntime = ({ from }: MoveTarget): string => `runtime:${from.server.name}:${from.runtime.name}`;
/** One big copy at a time to a server: two would only share its disk and its line. */
const copyTo = ({ to }: MoveTarget): string => `copy:${to.server.name}`;

/**
 * The new place is proved while the old one serves; under the maintenance page only what changed travels. Nobody can
 * write at the new place before the record says that it is the place (docs/adr/0035).
 */
export const move: Recipe<MoveTarget, MoveTools> = {
  verb: 'move',
  lines: [
    { step: checkMove, timeoutSeconds: 300, retries: 2 },
    shipLine(onNew(shipImage), ({ to }) => to),
    { step: onNew(openWay), timeoutSeconds: 180, retries: 2 },
    { step: copyFolder, timeoutSeconds: 7200, retries: 2, holds: copyTo },
    { step: onNew(startRuntime), timeoutSeconds: 180, holds: newRuntime },
    { step: onNew(placeSite), timeoutSeconds: 120, holds: newRuntime },
    { step: onNew(probeSite), timeoutSeconds: 60, retries: 2 },

    { step: closeSite, timeoutSeconds: 120, retries: 2 },
    { step: quietSite, timeoutSeconds: 120, retries: 1, holds: oldRuntime },
    { step: copyRest, timeoutSeconds: 3600, retries: 2 },
    { step: onNew(placeSite), timeoutSeconds: 120, holds: newRuntime },
    { step: onNew(probeSite), timeoutSeconds: 60, retries: 2 },
    { step: holdRoute, timeoutSeconds: 60, retries: 2 },
    { step: forwardRoute, timeoutSeconds: 60, retries: 2 },
    { step: recordMove, timeoutSeconds: 60, retries: 2 },

    { step: openSite, timeoutSeconds: 120, retries: 5, pastNoReturn: true },
    { step: proveMove, timeoutSeconds: 120, retries: 5, pastNoReturn: true },
    { step: onOld(retireRuntime), timeoutSeconds: 120, holds: oldRuntime, pastNoReturn: true },
    { step: onOld(closeWay), timeoutSeconds: 120, retries: 2, pastNoReturn: true },
  ],
};

/** The kept day is over: the old server keeps nothing of the desa. */
export const settle: Recipe<MoveTarget, MoveTools> = {
  verb: 'settle',
  lines: [
    { step: endForward, timeoutSeconds: 60, retries: 2 },
    { step: removeOldFolder, timeoutSeconds: 600, retries: 1 },
    { step: recordSettled, timeoutSeconds: 60, retries: 2 },
    { step: onOld(retireRuntime), timeoutSeconds: 120, holds: oldRuntime, pastNoReturn: true },
  ],
};

export const moveRecipes: ReadonlyMap<string, Recipe<MoveTarget, MoveTools>> = new Map(
  [move, settle].map((recipe) => [recipe.verb, recipe]),
);

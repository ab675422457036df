import type { Recipe } from '#libs/runs/recipe.js';
import { buildImage, type ReleaseTarget, type ReleaseTools } from '../steps/build-image.step.js';
import { pruneImages, type PruneTools } from '../steps/prune-images.step.js';
import { shipRelease, type ShipTarget, type ShipTools } from '../steps/ship-image.step.js';
import { checkServer, type ServerTarget, type ServerTools } from '../steps/check-server.step.js';
import {
  createGabungan,
  lookAtGabungan,
  type GabunganTarget,
  type GabunganTools,
} from '../steps/create-gabungan.step.js';
import { shipLine } from './ship.line.js';
import { lookAtWays, type WaysTools } from '../steps/look-at-ways.step.js';

/** Work on what desa stand on: releases, gabungan, servers. */
export const buildRelease: Recipe<ReleaseTarget, ReleaseTools & PruneTools> = {
  verb: 'build',
  lines: [
    { step: buildImage, timeoutSeconds: 3600 },
    { step: pruneImages, timeoutSeconds: 600, pastNoReturn: true },
  ],
};

/** A release to one server, ahead of the work that will need it. */
export const shipOnce: Recipe<ShipTarget, ShipTools & PruneTools> = {
  verb: 'ship',
  lines: [shipLine(shipRelease, (target) => target), { step: pruneImages, timeoutSeconds: 600, pastNoReturn: true }],
};

export const makeGabungan: Recipe<GabunganTarget, GabunganTools> = {
  verb: 'create',
  lines: [
    { step: createGabungan, timeoutSeconds: 300 },
    { step: lookAtGabungan, timeoutSeconds: 120 },
  ],
};

export const checkGabungan: Recipe<GabunganTarget, GabunganTools & WaysTools> = {
  verb: 'check',
  lines: [
    { step: lookAtGabungan, timeoutSeconds: 120 },
    { step: lookAtWays, timeoutSeconds: 120 },
  ],
};

export const lookAtServer: Recipe<ServerTarget, ServerTools> = {
  verb: 'check',
  lines: [{ step: checkServer, timeoutSeconds: 60 }],
};

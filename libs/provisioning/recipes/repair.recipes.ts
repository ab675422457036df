import type { Recipe } from '#libs/runs/recipe.js';
import type { RepairServerTarget, RepairServerTools } from '../repair-target.js';
import {
  lookAtGabungan,
  startGabungan,
  type GabunganTarget,
  type StartGabunganTools,
} from '../steps/create-gabungan.step.js';
import { openWay } from '../steps/open-way.step.js';
import { placeSite } from '../steps/place-site.step.js';
import { probeSite } from '../steps/probe-site.step.js';
import { recordSite } from '../steps/record-site.step.js';
import { removeContainer } from '../steps/remove-container.step.js';
import { renewRuntime } from '../steps/renew-runtime.step.js';
import { renewSite } from '../steps/renew-site.step.js';
import { shipImage } from '../steps/ship-image.step.js';
import { startGateway } from '../steps/start-gateway.step.js';
import { startRuntime } from '../steps/start-runtime.step.js';
import { switchRoute } from '../steps/switch-route.step.js';
import type { DesaTarget, Tools } from '../target.js';
import { shipLine } from './ship.line.js';

const runtime = (target: DesaTarget): string => `runtime:${target.server.name}:${target.runtime.name}`;

/** Towards the release that a desa is placed on: what stands already is proved and passed by. */
export const repairDesa: Recipe<DesaTarget, Tools> = {
  verb: 'repair',
  lines: [
    shipLine(shipImage, (target) => target),
    { step: openWay, timeoutSeconds: 180, retries: 2 },
    { step: renewRuntime, timeoutSeconds: 120, holds: runtime },
    { step: startRuntime, timeoutSeconds: 180, retries: 1, holds: runtime },
    { step: renewSite, timeoutSeconds: 120, holds: runtime },
    { step: placeSite, timeoutSeconds: 120, holds: runtime },
    { step: probeSite, timeoutSeconds: 60, retries: 2 },
    { step: switchRoute, timeoutSeconds: 60, retries: 2 },
    { step: recordSite, timeoutSeconds: 60, retries: 2 },
  ],
};

export const repairGabungan: Recipe<GabunganTarget, StartGabunganTools> = {
  verb: 'repair',
  lines: [
    { step: startGabungan, timeoutSeconds: 300, retries: 1 },
    { step: lookAtGabungan, timeoutSeconds: 120 },
  ],
};

export const repairServer: Recipe<RepairServerTarget, RepairServerTools> = {
  verb: 'repair',
  lines: [
    { step: startGateway, timeoutSeconds: 180, retries: 1 },
    { step: removeContainer, timeoutSeconds: 120 },
  ],
};

import type { Recipe } from '#libs/runs/recipe.js';
import { bringImages, placeKey, prepareEngine, recordServer } from '../enrolment/changes.js';
import * as at from '../enrolment/checkpoints.js';
import {
  placeNextKey,
  removeOldKey,
  useNextKey,
  type RotationTarget,
  type RotationTools,
} from '../enrolment/rotation.js';
import type { EnrolTarget, EnrolTools } from '../enrolment/target.js';
import type { HttpsTarget, HttpsTools } from '../https-target.js';
import { recordHttps, serveHttps } from '../steps/serve-https.step.js';

const LOOK_SECONDS = 60;
const look = (step: at.Checkpoint) => ({ step, timeoutSeconds: LOOK_SECONDS });

/** The check-list of a new server, in the order in which one thing needs the other. */
export const enrolServer: Recipe<EnrolTarget, EnrolTools> = {
  verb: 'enrol',
  lines: [
    look(at.reachServer),
    look(at.checkHostKey),
    { step: placeKey, timeoutSeconds: LOOK_SECONDS },
    look(at.checkAccount),
    look(at.checkSystem),
    // Where sshd forwards nothing the socket of the engine is shut too: it is told before.
    look(at.checkTunnel),
    { step: prepareEngine, timeoutSeconds: 2000 },
    ...[at.checkEngine, at.checkStorage, at.checkMemory, at.checkDisk, at.checkClock, at.checkPorts].map(look),
    { step: bringImages, timeoutSeconds: 7200, retries: 2 },
    look(at.reachGabungan),
    { step: recordServer, timeoutSeconds: LOOK_SECONDS },
  ],
};

/** At no moment is there no key that opens the door. */
export const rotateKey: Recipe<RotationTarget, RotationTools> = {
  verb: 'rotate-key',
  lines: [
    { step: placeNextKey, timeoutSeconds: LOOK_SECONDS, retries: 2 },
    { step: useNextKey, timeoutSeconds: LOOK_SECONDS, retries: 2 },
    { step: removeOldKey, timeoutSeconds: LOOK_SECONDS, retries: 2, pastNoReturn: true },
  ],
};

/** How the gateway of a server serves HTTPS. */
export const changeHttps: Recipe<HttpsTarget, HttpsTools> = {
  verb: 'https',
  lines: [
    { step: serveHttps, timeoutSeconds: 180, retries: 1 },
    { step: recordHttps, timeoutSeconds: 60, retries: 2 },
  ],
};

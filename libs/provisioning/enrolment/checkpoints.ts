import { leave, type Step } from '#libs/runs/step.js';
import * as looks from './looks.js';
import type { EnrolTarget, EnrolTools } from './target.js';

export type Checkpoint = Step<EnrolTarget, EnrolTools, null>;
type Look = (target: EnrolTarget, tools: EnrolTools) => Promise<string | string[]>;

/** A line of the check-list: what it finds stands in the run, what it cannot accept ends it with what to do. */
const checkpoint = (name: string, look: Look): Checkpoint => ({
  name,
  plan: async (target, tools) => ({ says: [await look(target, tools)].flat(), before: null }),
  run: async () => {},
  verify: async (target, tools) => void (await look(target, tools)),
  undo: leave('looks only'),
});

export const reachServer = checkpoint('reach-server', async ({ name }, tools) => {
  await tools.hostKeyShown();
  return `${name} answers`;
});
export const checkHostKey = checkpoint('check-host-key', looks.lookAtHostKey);
export const checkAccount = checkpoint('check-account', looks.lookAtAccount);
export const checkSystem = checkpoint('check-system', looks.lookAtSystem);
export const checkEngine = checkpoint('check-engine', looks.lookAtEngine);
export const checkStorage = checkpoint('check-storage', looks.lookAtStorage);
export const checkMemory = checkpoint('check-memory', looks.lookAtMemory);
export const checkDisk = checkpoint('check-disk', looks.lookAtDisk);
export const checkClock = checkpoint('check-clock', looks.lookAtClock);
export const checkPorts = checkpoint('check-ports', looks.lookAtPorts);
export const checkTunnel = checkpoint('check-tunnel', looks.lookAtTunnel);
/** Only told: desa of a gabungan of its own need none of the others. */
export const reachGabungan = checkpoint('reach-gabungan', looks.lookAtGabungan);

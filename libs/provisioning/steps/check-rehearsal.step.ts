import { Conflict, Unavailable } from '#libs/core/errors.js';
import { compareVersions } from '#libs/releases/version.js';
import { leave, type Step } from '#libs/runs/step.js';
import { runningOf, type RehearsalTarget, type RehearsalTools } from '../rehearsal/target.js';
import { wayOn } from '../rehearsal/way-on.js';
import type { ReleaseFacts } from '../target.js';

/** Everything that would make the rehearsal say nothing: releases that are not built, a minimum that is told, room for the copy. */
export const checkRehearsal: Step<RehearsalTarget, RehearsalTools, null> = {
  name: 'check-rehearsal',
  async plan(target, tools) {
    await checkMinimum(target, tools);
    checkBuilt(target.release);
    await checkRoom(target, tools);
    return { says: [], before: null };
  },
  run: async () => {},
  verify: async () => {},
  undo: leave('looks only'),
};

async function checkMinimum(target: RehearsalTarget, tools: RehearsalTools): Promise<void> {
  const { version, minimumVersion: minimum } = target.release;
  const running = runningOf(target);
  if (!minimum || !running || compareVersions(running, minimum) >= 0) return;
  const way = wayOn(running, version, await tools.catalogue());
  throw new Conflict('rehearsal-refused', { version, running, minimum, way });
}

/** What is built is brought by the next step; so is what runs now, withdrawn or not. */
function checkBuilt({ version, image, state }: ReleaseFacts): void {
  if (state !== 'built' || !image) throw new Conflict('release-not-built', { version });
}

async function checkRoom(target: RehearsalTarget, { real, copy }: RehearsalTools): Promise<void> {
  const needed = 2 * (await real.gabungan.sizeBytes()) + real.minimumFreeBytes;
  const free = await copy.gateway.freeBytes();
  if (free < needed)
    throw new Unavailable('disk-full', {
      server: target.gabungan.name,
      freeMiB: Math.floor(free / 2 ** 20),
      neededMiB: Math.ceil(needed / 2 ** 20),
    });
}

import { Conflict, NotProved, Unavailable } from '#libs/core/errors.js';
import { compareVersions } from '#libs/releases/version.js';
import { leave, type Step } from '#libs/runs/step.js';
import { runningOf, type RehearsalTarget, type RehearsalTools } from '../rehearsal/target.js';
import { wayOn } from '../rehearsal/way-on.js';
import type { ReleaseFacts } from '../target.js';

/** Everything that would make the rehearsal say nothing: images, a minimum that is told, room for the copy. */
export const checkRehearsal: Step<RehearsalTarget, RehearsalTools, null> = {
  name: 'check-rehearsal',
  async plan(target, tools) {
    await checkMinimum(target, tools);
    checkBuilt(target.release);
    if (target.canary.previous) await checkImage(target.canary.previous, tools);
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

function checkBuilt({ version, image, state }: ReleaseFacts): string {
  if (state !== 'built' || !image) throw new Conflict('release-not-built', { version });
  return image;
}

/** The running one stands there; the new one is brought by the next step. */
async function checkImage(release: ReleaseFacts, { real }: RehearsalTools): Promise<void> {
  const { version } = release;
  const image = checkBuilt(release);
  if (!(await real.docker.image(image))) throw new NotProved('image-not-on-server', { version, image });
}

async function checkRoom(target: RehearsalTarget, { real }: RehearsalTools): Promise<void> {
  const needed = 2 * (await real.gabungan.sizeBytes()) + real.minimumFreeBytes;
  const free = await real.gateway.freeBytes();
  if (free < needed)
    throw new Unavailable('disk-full', {
      server: target.canary.server.name,
      freeMiB: Math.floor(free / 2 ** 20),
      neededMiB: Math.ceil(needed / 2 ** 20),
    });
}

import { compareVersions } from '#libs/releases/version.js';
import { Conflict, InvalidInput, Unavailable } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import type { DesaTarget, Tools } from '../target.js';

/** Looks at everything that would make the run fail later: editions, versions, server, database, room. */
export const checkTarget: Step<DesaTarget, Tools, null> = {
  name: 'check-target',
  async plan(target, tools) {
    checkRelease(target);
    checkAgainstGabungan(target);
    await tools.docker.ping();
    await tools.gabungan.count('SELECT 1');
    await checkRoom(target, tools);
    const { judged, server } = target;
    return { says: judged.length > 1 ? [`take server ${server.name} (${judged.join(', ')})`] : [], before: null };
  },
  run: async () => {},
  verify: async () => {},
  undo: leave('looks only'),
};

function checkRelease({ release, gabungan }: DesaTarget): void {
  if (release.state === 'withdrawn') throw new Conflict('release-withdrawn', { version: release.version });
  if (release.state !== 'built' || !release.image)
    throw new Conflict('release-not-built', { version: release.version });
  if (release.edition !== gabungan.edition)
    throw new InvalidInput('edition-differs', {
      release: release.edition,
      gabungan: gabungan.edition,
      name: gabungan.name,
    });
}

function checkAgainstGabungan({ release, previous, gabungan, run }: DesaTarget): void {
  const standing = gabungan.version;
  if (run.verb === 'install' && standing && compareVersions(release.version, standing) !== 0)
    throw new Conflict('release-not-of-gabungan', { wanted: release.version, standing, name: gabungan.name });
  if (previous && !run.rolloutId && compareVersions(release.version, previous.version) < 0)
    throw new Conflict('release-below-running', { wanted: release.version, running: previous.version });
  const minimum = release.minimumVersion;
  if (previous && minimum && compareVersions(previous.version, minimum) < 0)
    throw new Conflict('release-below-minimum', { running: previous.version, minimum, wanted: release.version });
}

async function checkRoom(target: DesaTarget, tools: Tools): Promise<void> {
  const free = await tools.gateway.freeBytes();
  if (free < tools.minimumFreeBytes)
    throw new Unavailable('disk-full', {
      server: target.server.name,
      freeMiB: Math.floor(free / 2 ** 20),
      neededMiB: Math.ceil(tools.minimumFreeBytes / 2 ** 20),
    });
}

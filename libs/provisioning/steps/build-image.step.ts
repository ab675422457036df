import { rm } from 'node:fs/promises';
import { AppError, NotProved } from '#libs/core/errors.js';
import { openArchive } from '#libs/releases/archive.js';
import { buildRelease } from '#libs/releases/build.js';
import { prepareRelease } from '#libs/releases/composer.js';
import type { ReleaseRow, ReleasesService } from '#libs/releases/releases.service.js';
import { leave, type Step } from '#libs/runs/step.js';
import { scrub } from '#libs/runs/scrub.js';
import type { Docker } from '#libs/servers/docker.js';
import type { App } from '#libs/templates/manifest.js';

export interface ReleaseTarget {
  app: App;
  release: ReleaseRow;
}

export interface ReleaseTools {
  docker: Docker;
  releases: Pick<
    ReleasesService,
    'findById' | 'markBuilding' | 'markBuilt' | 'markFailed' | 'composerLock' | 'keepComposerLock'
  >;
  /** A folder of this run alone for the unpacked archive. */
  workFolder: string;
  limits: { bytes: number; files: number };
  /** What the operator adds for composer: `DATA_FOLDER/composer`. */
  composerFolder: string;
  say(level: 'info' | 'warn' | 'error', line: string): Promise<void>;
}

const isBuilt = async ({ release }: ReleaseTarget, { docker, releases }: ReleaseTools): Promise<boolean> => {
  const { state, image, imageId } = await releases.findById(release.id);
  return state === 'built' && image !== null && (await docker.image(image))?.id === imageId;
};

/** One image per release and recipe; a second build of the same finds it and does nothing. */
export const buildImage: Step<ReleaseTarget, ReleaseTools, null> = {
  name: 'build-image',
  async plan(target, tools) {
    const { app, release } = target;
    return {
      says: (await isBuilt(target, tools)) ? [] : [`build ${app.title} ${release.version} for PHP ${release.php}`],
      before: null,
    };
  },
  async run({ app, release }, tools) {
    const lines: string[] = [];
    const hear = (line: string): void => {
      lines.push(scrub(line));
      void tools.say('info', line).catch(() => undefined);
    };
    await tools.releases.markBuilding(release.id);
    try {
      const { tree, sha256 } = await openArchive(release.archivePath, tools.workFolder, tools.limits);
      if (sha256 !== release.sha256) throw new AppError('archive-changed', { version: release.version });
      const { docker, releases: locks, limits, composerFolder } = tools;
      const preparation = await prepareRelease({
        docker,
        app,
        release,
        tree,
        limits,
        composerFolder,
        locks,
        tell: hear,
      });
      const built = await buildRelease({ docker, app, release, tree, preparation, onLine: hear });
      await tools.releases.markBuilt(release.id, built, lines.join('\n'));
    } catch (error) {
      const problem =
        error instanceof AppError
          ? { code: error.code, data: error.data }
          : { code: 'unexpected', data: { message: String(error) } };
      await tools.releases.markFailed(release.id, problem, lines.join('\n'));
      throw error;
    } finally {
      await rm(tools.workFolder, { recursive: true, force: true });
    }
  },
  async verify(target, tools) {
    if (!(await isBuilt(target, tools))) throw new NotProved('image-missing', { version: target.release.version });
  },
  undo: leave('a failed build leaves no image; a good one is kept for the next run'),
};

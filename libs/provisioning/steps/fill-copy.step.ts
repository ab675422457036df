import { NotProved } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import { copyFolder, fillCopy as fill } from '../rehearsal/fill-copy.js';
import { actorOf, type RehearsalTarget, type RehearsalTools } from '../rehearsal/target.js';

/** One snapshot of the real gabungan flows into the copy; rows and schema are compared. */
export const fillCopy: Step<RehearsalTarget, RehearsalTools, null> = {
  name: 'fill-copy',
  async plan(target, tools) {
    const isFilled = (await tools.notes.read()).loaded !== undefined && (await tools.copy.gabungan.tables()).length > 0;
    return {
      says: isFilled ? [] : [`copy ${target.gabungan.database} as of one moment and compare every table`],
      before: null,
    };
  },
  run: fill,
  async verify(target, tools) {
    if ((await tools.copy.gabungan.tables()).length === 0)
      throw new NotProved('copy-not-loaded', { name: target.gabungan.name });
  },
  undo: leave('the copy goes as a whole'),
};

const keyOf = ({ app, site }: RehearsalTarget['canary']): [string, string] => [site.site, app.site.keyFile ?? ''];

/** Folders of the desa that take part; their key decides which rows are theirs. */
export const copyFolders: Step<RehearsalTarget, RehearsalTools, null> = {
  name: 'copy-folders',
  async plan(target) {
    const { dataVolume } = actorOf(target).runtime;
    return {
      says: target.actors.map(({ site }) => `copy the folder of ${site.site} into ${dataVolume}`),
      before: null,
    };
  },
  async run(target, tools) {
    for (const [at, actor] of target.actors.entries()) await copyFolder(target.actorsOfReal[at]!, actor, tools);
  },
  async verify(target, tools) {
    for (const actor of target.actors) {
      const [site, key] = keyOf(actor);
      if (key && !(await tools.copy.runtimes.hasState(actor.previousRuntime ?? actor.runtime, site, key)))
        throw new NotProved('folder-missing', { code: actor.desa.code });
    }
  },
  undo: leave('the copy goes as a whole'),
};

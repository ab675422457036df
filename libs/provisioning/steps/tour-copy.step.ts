import { leave, type Step } from '#libs/runs/step.js';
import { configIdOf } from '../migration.js';
import { prepareAccounts } from '../rehearsal/fill-copy.js';
import type { Notes } from '../rehearsal/notes.js';
import { actorOf, runningOf, type RehearsalTarget, type RehearsalTools } from '../rehearsal/target.js';
import { pathsOf, takeTour } from '../rehearsal/take-tour.js';

type TourStep = Step<RehearsalTarget, RehearsalTools, null>;

/** A tour writes down what it saw: it is taken when there is no note of it and something to compare. */
const tourStep = (
  name: string,
  of: 'before' | 'old' | 'new',
  isWanted: (notes: Notes, target: RehearsalTarget) => boolean,
  run: (target: RehearsalTarget, tools: RehearsalTools, notes: Notes) => Promise<NonNullable<Notes['old']>>,
): TourStep => ({
  name,
  async plan(target, tools) {
    const notes = await tools.notes.read();
    const isSo = notes[of] !== undefined || !isWanted(notes, target);
    const version = of === 'new' ? target.release.version : runningOf(target);
    const where = of === 'before' ? 'the copy as it is' : 'the migrated copy';
    return { says: isSo ? [] : [`ask ${version} for its pages on ${where}`], before: null };
  },
  async run(target, tools) {
    await tools.notes.write({ [of]: await run(target, tools, await tools.notes.read()) });
  },
  verify: async () => {},
  undo: leave('pages of a copy'),
});

/** The same database version: only code changes, unless the rehearsal shows otherwise. */
const isSameVersion = ({ release, canary }: RehearsalTarget): boolean =>
  release.databaseVersion === canary.previous?.databaseVersion;

export const tourBefore = tourStep(
  'tour-before',
  'before',
  (_notes, target) => !isSameVersion(target),
  async (target, tools) => {
    const actor = actorOf(target);
    await prepareAccounts(target, tools, await configIdOf(actor, tools.copy));
    return takeTour(target, tools, { runtime: actor.previousRuntime!, paths: await pathsOf(target, tools) });
  },
);

const isMigrated = ({ migration }: Notes): boolean => migration !== undefined && migration.failure === null;

export const tourOld = tourStep(
  'tour-old',
  'old',
  (notes) => isMigrated(notes) && !notes.migration!.isCodeOnly,
  (target, tools, notes) =>
    takeTour(target, tools, {
      runtime: actorOf(target).previousRuntime!,
      paths: (notes.before ?? []).map(({ path }) => path),
      before: notes.before ?? [],
    }),
);

/** Code alone is asked for the page of its probe; the canary judges it. */
export const tourNew = tourStep(
  'tour-new',
  'new',
  (notes) => isMigrated(notes),
  async (target, tools, notes) => {
    const actor = actorOf(target);
    if (!notes.before) await prepareAccounts(target, tools, await configIdOf(actor, tools.copy));
    const paths = notes.before ? notes.before.map(({ path }) => path) : [target.app.health.path];
    return takeTour(target, tools, { runtime: actor.runtime, paths, before: notes.before ?? [] });
  },
);

import { leave, type Step } from '#libs/runs/step.js';
import { configIdOf } from '../migration.js';
import { fillCopy, prepareAccounts } from '../rehearsal/fill-copy.js';
import { migrateCopyOf } from '../rehearsal/migrate-copy.js';
import { actorOf, type RehearsalTarget, type RehearsalTools } from '../rehearsal/target.js';

/** The new code migrates the copy. What it did wrong is written down, not thrown: the verdict tells it whole. */
export const migrateCopy: Step<RehearsalTarget, RehearsalTools, null> = {
  name: 'migrate-copy',
  async plan(target, tools) {
    const isSo = (await tools.notes.read()).migration !== undefined;
    return {
      says: isSo ? [] : [`let ${target.release.version} migrate the copy and compare rows and schema`],
      before: null,
    };
  },
  async run(target, tools) {
    // A migration that was cut short is not measured twice: it begins from the unmigrated copy again.
    if ((await tools.notes.read()).isTouched) await beginAgain(target, tools);
    await tools.notes.write({ isTouched: true });
    const migration = await migrateCopyOf(target, tools);
    await tools.notes.write({ migration });
    const { seconds, schemaChanges, rowsLost } = migration;
    await tools.say(
      'info',
      `${seconds} s, ${schemaChanges.length} changes of the schema, ${rowsLost.length} tables lost rows`,
    );
  },
  verify: async () => {},
  undo: leave('the copy goes as a whole'),
};

/** The throw-away administrator went with the copy that is thrown away. */
async function beginAgain(target: RehearsalTarget, tools: RehearsalTools): Promise<void> {
  await fillCopy(target, tools);
  await prepareAccounts(target, tools, await configIdOf(actorOf(target), tools.copy));
}

import { NotProved } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import { reportOf } from '../rehearsal/judge.js';
import { runningOf, type RehearsalTarget, type RehearsalTools } from '../rehearsal/target.js';

const judged = async (target: RehearsalTarget, tools: RehearsalTools) => {
  const notes = await tools.notes.read();
  if (!notes.migration)
    throw new NotProved('rehearsal-missing', { name: target.gabungan.name, version: target.release.version });
  return reportOf(notes, notes.migration, { version: target.release.version, running: runningOf(target) });
};

/** The verdict is recorded whatever it is; one that says "unusable" ends the run before anything real was touched. */
export const judgeRehearsal: Step<RehearsalTarget, RehearsalTools, null> = {
  name: 'judge-rehearsal',
  async plan() {
    return { says: ['judge: rolling, window or unusable'], before: null };
  },
  async run(target, tools) {
    const report = await judged(target, tools);
    await tools.notes.report(report);
    await tools.say('info', `${report.verdict}: ${report.because.code} ${JSON.stringify(report.because.data)}`);
  },
  async verify(target, tools) {
    const { verdict, because } = await judged(target, tools);
    if (verdict === 'unusable') throw new NotProved(because.code, because.data as Record<string, string>);
  },
  undo: leave('the verdict is kept: it is why the run ended'),
};

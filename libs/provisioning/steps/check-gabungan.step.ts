import { NotProved } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import type { DesaTarget, Tools } from '../target.js';

/** Recorded at this release already, and this run has migrated nothing: without a migration there is no backup. */
const isRecorded = async ({ run, release, gabungan }: DesaTarget, tools: Tools): Promise<boolean> =>
  run.verb === 'update' && gabungan.version === release.version && !(await tools.backups.ofRun(run.id));

/** Asks the merged database for its invariants (facts/opensid 5.7) and fingerprint, and records what it answered. */
export const checkGabungan: Step<DesaTarget, Tools, null> = {
  name: 'check-gabungan',
  async plan(target, tools) {
    const { app, gabungan } = target;
    if (await isRecorded(target, tools)) return { says: [], before: null };
    return { says: [`check ${app.invariants.length} invariants and the schema of ${gabungan.database}`], before: null };
  },
  async run(target, tools) {
    const invariants = await tools.gabungan.invariants(target.app.invariants);
    const fingerprint = await tools.gabungan.fingerprint();
    await tools.records.patchGabungan(target.gabungan.id, { version: target.release.version, fingerprint, invariants });
    for (const { name, expected, observed } of invariants)
      await tools.say(
        observed === expected ? 'info' : 'error',
        `${name}: ${observed} (expected ${expected})`,
        'check-gabungan',
      );
  },
  async verify(target, tools) {
    const invariants = await tools.gabungan.invariants(target.app.invariants);
    const broken = invariants
      .filter(({ expected, observed }) => expected !== observed)
      .map(({ name, observed }) => `${name}: ${observed}`);
    if (broken.length > 0) throw new NotProved('invariants-broken', { name: target.gabungan.name, broken });
  },
  undo: leave('looks only; what it recorded is what it saw'),
};

import { NotProved } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import { isCodeOnly, isNewerThanGabungan } from '../migration.js';
import type { DesaTarget, Tools } from '../target.js';

/** Nothing here for this run to change: the schema is recorded, and without a migration there is no backup. */
const isRecorded = async (target: DesaTarget, tools: Tools): Promise<boolean> => {
  const { run, release, gabungan } = target;
  const isSame = isCodeOnly(target) || gabungan.version === release.version;
  return run.verb === 'update' && isSame && !(await tools.backups.ofRun(run.id));
};

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
    // A release that brings no schema stands here once a site has answered with it (record-site).
    const version = isNewerThanGabungan(target) && !isCodeOnly(target) ? target.release.version : undefined;
    await tools.records.patchGabungan(target.gabungan.id, { version, fingerprint, invariants });
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

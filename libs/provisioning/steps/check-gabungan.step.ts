import { NotProved } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import type { DesaTarget, Tools } from '../target.js';

/** Asks the merged database for its invariants (facts/opensid 5.7) and fingerprint, and records what it answered. */
export const checkGabungan: Step<DesaTarget, Tools, null> = {
  name: 'check-gabungan',
  async plan({ app, gabungan }) {
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

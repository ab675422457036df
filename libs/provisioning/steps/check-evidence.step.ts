import { Conflict, NotProved } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import type { MigrationTarget, MigrationTools } from '../migration-target.js';

/** Nothing real migrates that was not rehearsed, nor in a way that the rehearsal did not allow. */
export const checkEvidence: Step<MigrationTarget, MigrationTools, null> = {
  name: 'check-evidence',
  async plan(target, tools) {
    const evidence = await tools.evidence();
    const isEnough =
      evidence && evidence.verdict !== 'unusable' && !(evidence.verdict === 'window' && target.mode === 'rolling');
    if (!isEnough)
      throw new Conflict('rehearsal-missing', { name: target.gabungan.name, version: target.release.version });
    return { says: [], before: null };
  },
  run: async () => {},
  verify: async () => {},
  undo: leave('looks only'),
};

/** The schema that stands now is, to the last column, the one that the rehearsal made. */
export const compareSchema: Step<MigrationTarget, MigrationTools, null> = {
  name: 'compare-schema',
  async plan() {
    return { says: ['compare the schema with the one of the rehearsal'], before: null };
  },
  run: async () => {},
  async verify({ gabungan }, tools) {
    const wanted = (await tools.evidence())?.fingerprint ?? '';
    const { sha256 } = await tools.gabungan.fingerprint();
    if (sha256 !== wanted) throw new NotProved('schema-differs', { name: gabungan.name, wanted, sha256 });
  },
  undo: leave('looks only'),
};

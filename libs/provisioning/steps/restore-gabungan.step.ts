import { Conflict, NotProved, Unavailable } from '#libs/core/errors.js';
import { assertSameRows, countAll } from '#libs/gabungan/whole-copy.js';
import { leave, type Step } from '#libs/runs/step.js';
import type { Exchanged, RestoreTarget, RestoreTools } from '../restore-target.js';

type RestoreStep<Before> = Step<RestoreTarget, RestoreTools, Before>;
const isExchanged = ({ kept }: RestoreTarget, { beside }: RestoreTools): Promise<boolean> => beside.has(kept);

/** The code that stands has to be the backup's: another one would meet a schema that it may not change. */
export const checkBackup: RestoreStep<null> = {
  name: 'check-backup',
  async plan({ backup, standing, gabungan }, tools) {
    const others = standing.filter((version) => version !== backup.version);
    if (others.length > 0)
      throw new Conflict('restore-other-release', { name: gabungan.name, version: backup.version ?? '', others });
    const needed = 2 * (await tools.gabungan.sizeBytes()) + tools.minimumFreeBytes;
    const free = await tools.gateway.freeBytes();
    if (free < needed)
      throw new Unavailable('disk-full', {
        server: gabungan.name,
        freeMiB: Math.floor(free / 2 ** 20),
        neededMiB: Math.ceil(needed / 2 ** 20),
      });
    return { says: [], before: null };
  },
  run: async () => {},
  verify: async () => {},
  undo: leave('looks only'),
};

/** Into a database of its own on the same server, where nobody looks; proved there. */
export const loadBeside: RestoreStep<null> = {
  name: 'load-beside',
  async plan(target, tools) {
    const isSo = await isExchanged(target, tools);
    return { says: isSo ? [] : [`load the backup into ${target.restored} and compare it`], before: null };
  },
  async run({ restored }, tools) {
    await tools.beside.drop(restored);
    await tools.beside.make(restored);
    await tools.load();
  },
  async verify(target, tools) {
    if ((await isExchanged(target, tools)) || (await tools.beside.has(target.restored))) return;
    throw new NotProved('copy-not-loaded', { name: target.gabungan.name });
  },
  async undo({ restored }, tools) {
    await tools.beside.drop(restored);
  },
};

/** One statement takes the damaged tables out and the restored ones in; the damaged ones stay until a person lets them go. */
export const exchangeDatabases: RestoreStep<Exchanged> = {
  name: 'exchange-databases',
  async plan(target, tools) {
    const { restored, kept, gabungan } = target;
    const before = {
      incoming: await tools.beside.views(restored),
      standing: await tools.beside.views(gabungan.database),
    };
    if (await isExchanged(target, tools)) return { says: [], before };
    return { says: [`exchange the tables of ${gabungan.database}; what stood is kept in ${kept}`], before };
  },
  async run({ restored, kept }, tools, views) {
    await tools.beside.exchange(restored, kept, views);
    await tools.beside.drop(restored);
  },
  async verify({ backup, gabungan }, tools) {
    const { sha256 } = await tools.gabungan.fingerprint();
    if (sha256 !== backup.fingerprint.sha256)
      throw new NotProved('schema-differs', { name: gabungan.name, wanted: backup.fingerprint.sha256, sha256 });
    assertSameRows(backup.counts, await countAll(tools.gabungan, await tools.gabungan.tables()));
  },
  async undo(target, tools, { incoming, standing }) {
    if (!(await isExchanged(target, tools))) return;
    await tools.beside.exchange(target.kept, target.restored, { incoming: standing, standing: incoming });
    await tools.beside.drop(target.kept);
  },
};

export const recordRestored: RestoreStep<null> = {
  name: 'record-restored',
  async plan({ gabungan, app }) {
    return { says: [`check ${app.invariants.length} invariants of ${gabungan.database}`], before: null };
  },
  async run({ app, backup }, tools) {
    const invariants = await tools.gabungan.invariants(app.invariants);
    await tools.recordSeen({ fingerprint: await tools.gabungan.fingerprint(), invariants, version: backup.version });
  },
  verify: async () => {},
  undo: leave('looks only; what it recorded is what it saw'),
};

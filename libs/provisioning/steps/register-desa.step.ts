import { Readable } from 'node:stream';
import { Conflict, NotProved } from '#libs/core/errors.js';
import type { Step } from '#libs/runs/step.js';
import { playActs, sqlValues, withOneOff } from '../acts.js';
import {
  idOf,
  methodFor,
  neighbourCount,
  pendingIds,
  registrationOf,
  removeRow,
  shortTables,
  tableCount,
} from '../registration.js';
import type { DesaTarget, Tools } from '../target.js';

interface Before {
  id: number | null;
  /** Tables that stood before: 0 = an empty database, which undo makes empty again. */
  tables: number;
}

/**
 * Enters the desa into the merged database as the application itself does it, one at a time per gabungan (the recipe
 * holds it), and gives it its official codes and an administrator with a random password before it has any route
 * (facts/opensid 2).
 */
export const registerDesa: Step<DesaTarget, Tools, Before> = {
  name: 'register-desa',
  async plan(target, tools) {
    const [id, tables] = [await idOf(target, tools), await tableCount(tools)];
    const before = { id: id ?? null, tables };
    if (id !== undefined && (await isComplete(target, tools, id))) return { says: [], before };
    const neighbours = await neighbourCount(target, tools);
    methodFor(target, neighbours);
    if (id === undefined) await refusePending(target, tools, tables);
    return {
      says: [
        `register ${target.desa.name} beside ${neighbours} other desa in ${target.gabungan.database}, administrator password [rahasia]`,
      ],
      before,
    };
  },
  async run(target, tools, before) {
    await startAfresh(target, tools, before);
    if (before.tables === 0) await tools.shapeDatabase();
    const method = methodFor(target, await neighbourCount(target, tools));
    await withOneOff(target, tools, async () => {
      await playActs(method.acts, target, tools);
      await identify(target, tools);
    });
  },
  async verify(target, tools) {
    const id = await idOf(target, tools);
    if (id === undefined) throw new NotProved('desa-not-registered', { code: target.desa.code });
    const short = await shortTables(target, tools, id);
    if (short.length > 0) throw new NotProved('registration-incomplete', { code: target.desa.code, tables: short });
    if (!(await isIdentified(target, tools, id))) throw new NotProved('desa-code-wrong', { code: target.desa.code });
  },
  async undo(target, tools, before) {
    await tools.runtimes.remove(target.oneOff.name, target.oneOff.configVolume);
    if (before.id !== null) return;
    if (before.tables === 0) return emptyDatabase(tools);
    const id = await idOf(target, tools);
    if (id !== undefined) await removeRow(target, tools, id);
    await removePending(target, tools);
  },
};

/** A run that died half-way leaves half a registration: it is taken back before the application tries again. */
async function startAfresh(target: DesaTarget, tools: Tools, before: Before): Promise<void> {
  if (before.id !== null) return;
  if (before.tables === 0) return emptyDatabase(tools);
  const id = await idOf(target, tools);
  if (id !== undefined) await removeRow(target, tools, id);
  await removePending(target, tools);
}

/** We hold the gabungan, and nobody was pending when we began: a pending row now is ours. */
async function removePending(target: DesaTarget, tools: Tools): Promise<void> {
  for (const id of await pendingIds(target, tools)) await removeRow(target, tools, id);
}

async function refusePending(target: DesaTarget, tools: Tools, tables: number): Promise<void> {
  if (tables === 0) return;
  const pending = (await pendingIds(target, tools)).length;
  if (pending > 0) throw new Conflict('registration-pending', { name: target.gabungan.name, pending });
}

async function identify(target: DesaTarget, tools: Tools): Promise<void> {
  const id = await idOf(target, tools);
  if (id === undefined) throw new NotProved('desa-not-registered', { code: target.desa.code });
  const registration = registrationOf(target);
  const password = await tools.records.administratorPassword(target.installation.id);
  const values = sqlValues(target, { configId: id, passwordHash: await tools.hashPassword(password) });
  await tools.gabungan.query(registration.identify, values);
  await tools.gabungan.query(registration.administrator, values);
  await tools.runtimes.emptyState(target.oneOff, target.ownerSite, registration.flush);
  await tools.records.patchInstallation(target.installation.id, { databaseId: id });
}

const isIdentified = async (target: DesaTarget, tools: Tools, configId: number): Promise<boolean> =>
  (await tools.gabungan.count(registrationOf(target).identified, sqlValues(target, { configId }))) === 1;

const isComplete = async (target: DesaTarget, tools: Tools, id: number): Promise<boolean> =>
  (await shortTables(target, tools, id)).length === 0 && (await isIdentified(target, tools, id));

async function emptyDatabase(tools: Tools): Promise<void> {
  const drops = await tools.gabungan.dropStatements();
  if (drops) await tools.gabungan.load(Readable.from([drops]), { withoutForeignKeys: true });
}

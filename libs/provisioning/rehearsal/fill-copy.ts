import { Readable } from 'node:stream';
import { assertSameRows, copyWhole, countAll } from '#libs/gabungan/whole-copy.js';
import { NotProved } from '#libs/core/errors.js';
import type { RuntimeSpec } from '#libs/runtimes/runtime-port.js';
import type { DesaTarget } from '../target.js';
import { actorOf, type RehearsalTarget, type RehearsalTools } from './target.js';

/** Empties the copy and fills it with what the real one holds at this moment; compared, and written down. */
export async function fillCopy({ gabungan }: RehearsalTarget, { real, copy, notes }: RehearsalTools): Promise<void> {
  const drops = await copy.gabungan.dropStatements();
  if (drops) await copy.gabungan.load(Readable.from([drops]), { withoutForeignKeys: true });
  const counts = await copyWhole(real.gabungan, copy.gabungan);
  assertSameRows(counts, await countAll(copy.gabungan, await copy.gabungan.tables()));
  const [wanted, fingerprint] = [await real.gabungan.fingerprint(), await copy.gabungan.fingerprint()];
  if (wanted.sha256 !== fingerprint.sha256)
    throw new NotProved('schema-differs', { name: gabungan.name, wanted: wanted.sha256, sha256: fingerprint.sha256 });
  await notes.write({ loaded: { counts, fingerprint }, isTouched: false });
}

/** Only the folder with the key: pages want it, and a copy of everything that was ever uploaded is not needed. */
function withKeyOnly(spec: RuntimeSpec): RuntimeSpec {
  const { site } = spec.app;
  const folder = site.keyFile?.split('/')[0];
  const state = Object.fromEntries(Object.entries(site.state).filter(([path]) => !folder || path === folder));
  return { ...spec, app: { ...spec.app, site: { ...site, state } } };
}

/** The folder of a desa goes into the copy's own volume; the real one is only read. */
export async function copyFolder(real: DesaTarget, actor: DesaTarget, tools: RehearsalTools): Promise<void> {
  const { runtimes } = tools.copy;
  const source = await tools.runtimesOf(real.server.id);
  const [from, to] = [real.previousRuntime ?? real.runtime, actor.previousRuntime ?? actor.runtime];
  await runtimes.prepareData(to, actor.site);
  await runtimes.importState(to, actor.site.site, await source.exportState(withKeyOnly(from), real.site.site));
  await runtimes.prepareData(to, actor.site);
}

/** Accounts of the actors with data rights alone, as at run time, and the throw-away administrator of the first. */
export async function prepareAccounts(
  target: RehearsalTarget,
  { copy }: RehearsalTools,
  configId: number,
): Promise<void> {
  for (const actor of target.actors)
    await copy.gabungan.ensureRuntimeAccount(actor.account, actor.installation.runtimePassword);
  const values = { configId, username: 'gladi_siappakai', passwordHash: await copy.hashPassword(target.tourPassword) };
  for (const sql of actorOf(target).app.tour?.administrator ?? []) await copy.gabungan.query(sql, values);
}

import { AppError } from '#libs/core/errors.js';
import type { App } from '#libs/templates/manifest.js';
import { planRows } from '#libs/backups/rows-plan.js';
import type { TableRows } from '#libs/gabungan/gabungan-port.js';
import { inRange } from '#libs/releases/version.js';
import type { DesaTarget, Tools } from './target.js';
import { sqlValues } from './acts.js';

type Registration = NonNullable<App['registration']>;

export const registrationOf = ({ app }: DesaTarget): Registration => {
  if (!app.registration) throw new AppError('manifest-incomplete', { app: app.app, missing: 'registration' });
  return app.registration;
};

/** How this release registers a desa, given how many the gabungan already holds. */
export function methodFor(target: DesaTarget, neighbours: number): Registration['methods'][number] {
  const found = registrationOf(target).methods.find(
    (method) =>
      inRange(target.release.version, method) &&
      (method.neighbours === undefined || (method.neighbours === 'none') === (neighbours === 0)),
  );
  if (!found)
    throw new AppError('manifest-incomplete', {
      app: target.app.app,
      missing: `registration for ${target.release.version}`,
    });
  return found;
}

/** The key in the desa's own folder: it says which row of the merged database is this desa's. */
async function keyOf(target: DesaTarget, tools: Tools): Promise<string | undefined> {
  const { keyFile } = target.app.site;
  if (!keyFile) return undefined;
  const content = await tools.runtimes.readState(target.previousRuntime ?? target.runtime, target.site.site, keyFile);
  return content?.toString('utf8').trim();
}

export const hasKey = async ({ app, site, runtime, previousRuntime }: DesaTarget, tools: Tools): Promise<boolean> =>
  app.site.keyFile !== undefined &&
  (await tools.runtimes.hasState(previousRuntime ?? runtime, site.site, app.site.keyFile));

/** Id of the desa's own row, by the key in its folder; undefined when it is not registered. */
export async function idOf(target: DesaTarget, tools: Tools): Promise<number | undefined> {
  const key = await keyOf(target, tools);
  if (!key || (await tableCount(tools)) === 0) return undefined;
  const id = await tools.gabungan.count(registrationOf(target).find, { key });
  return Number.isNaN(id) ? undefined : id;
}

export const tableCount = async (tools: Tools): Promise<number> => (await tools.gabungan.tables()).length;

/** How many desa the gabungan holds, whatever their state. */
export async function neighbourCount(target: DesaTarget, tools: Tools): Promise<number> {
  const table = target.app.rows?.table;
  if (!table || (await tableCount(tools)) === 0) return 0;
  return tools.gabungan.count(`SELECT COUNT(*) FROM \`${table}\``);
}

/** Tables whose rows for this desa are fewer than the manifest asks: `name 0 < 100`. */
export async function shortTables(target: DesaTarget, tools: Tools, configId: number): Promise<string[]> {
  const column = target.app.rows?.column ?? 'config_id';
  const short: string[] = [];
  for (const [table, wanted] of Object.entries(registrationOf(target).counts)) {
    const found = await tools.gabungan.count(`SELECT COUNT(*) FROM \`${table}\` WHERE \`${column}\` = :configId`, {
      configId,
    });
    if (!(found >= wanted)) short.push(`${table} ${found} < ${wanted}`);
  }
  return short;
}

/** Desa that were entered but never got their codes; OpenSID takes no further one beside them (facts/opensid 2.4). */
export const pendingIds = async (target: DesaTarget, tools: Tools): Promise<number[]> =>
  (await tools.gabungan.query(registrationOf(target).pending)).map((row) => Number(Object.values(row)[0]));

/**
 * The desa's own row, with all that the database deletes along with it; before it what is only found through such
 * rows, after it what carries the id without a foreign key. Safe to repeat.
 */
export async function removeRow(target: DesaTarget, tools: Tools, configId: number): Promise<void> {
  const { rows } = target.app;
  const plan = rows ? await planRows(tools.gabungan, rows, configId) : [];
  const clear = async (tables: TableRows[]): Promise<void> => {
    for (const { table, where } of tables) await tools.gabungan.query(`DELETE FROM \`${table}\` WHERE ${where}`);
  };
  const isChild = ({ table }: TableRows): boolean => rows !== undefined && table in rows.children;
  await clear(plan.filter(isChild));
  await tools.gabungan.query(registrationOf(target).remove, sqlValues(target, { configId }));
  await clear(plan.filter((each) => !isChild(each) && each.table !== rows?.table));
}

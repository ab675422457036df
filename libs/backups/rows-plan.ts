import type { Gabungan, TableRows } from '#libs/gabungan/gabungan-port.js';
import type { AppManifest } from '#libs/templates/manifest.js';

export type RowsOfApp = NonNullable<AppManifest['rows']>;

/** Only a number of ours ever stands in a condition. */
function conditionOf(template: string, ownId: number): string {
  if (!Number.isSafeInteger(ownId) || ownId <= 0) throw new RangeError(`not an id: ${ownId}`);
  return template.replaceAll(':configId', String(ownId));
}

/**
 * Which rows of which tables belong to one desa, in the order in which they may be deleted: children that only a
 * join finds, then all tables that carry the column, then the desa's own row.
 */
export async function planRows(
  gabungan: Pick<Gabungan, 'tables' | 'tablesWith'>,
  rows: RowsOfApp,
  ownId: number,
): Promise<TableRows[]> {
  const standing = new Set(await gabungan.tables());
  const carrying = (await gabungan.tablesWith(rows.column)).filter((table) => table !== rows.table);
  // A child that carries the column in a newer release is not a child any more.
  const children = Object.entries(rows.children).filter(([table]) => standing.has(table) && !carrying.includes(table));
  return [
    ...children.map(([table, where]) => ({ table, where: conditionOf(where, ownId) })),
    ...carrying.map((table) => ({ table, where: conditionOf(`\`${rows.column}\` = :configId`, ownId) })),
    { table: rows.table, where: conditionOf('`id` = :configId', ownId) },
  ];
}

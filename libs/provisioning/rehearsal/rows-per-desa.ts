import type { Gabungan } from '#libs/gabungan/gabungan-port.js';
import type { Lost } from './notes.js';

/** table -> own id of a desa ('' = nobody's, or a table without the column) -> rows */
export type RowsPerDesa = Record<string, Record<string, number>>;

const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

export async function rowsPerDesa(gabungan: Gabungan, column: string): Promise<RowsPerDesa> {
  const carrying = await gabungan.tablesWith(column);
  const counts: RowsPerDesa = {};
  for (const table of await gabungan.tables()) {
    const own = carrying.includes(table) ? quoted(column) : 'NULL';
    const rows = await gabungan.query(`SELECT ${own} AS own, COUNT(*) AS n FROM ${quoted(table)} GROUP BY own`);
    counts[table] = Object.fromEntries(rows.map(({ own, n }) => [own === null ? '' : String(own), Number(n)]));
  }
  return counts;
}

/** Where somebody has fewer rows than before, a table that is gone included. `mayShrink`: the application tidies there. */
export function lostRows(before: RowsPerDesa, after: RowsPerDesa, mayShrink: string[]): Lost[] {
  return Object.entries(before)
    .filter(([table]) => !mayShrink.includes(table))
    .flatMap(([table, owners]) =>
      Object.entries(owners)
        .map(([own, count]) => ({
          table,
          ownId: own === '' ? null : Number(own),
          before: count,
          after: afterOf(after[table], own, owners),
        }))
        .filter((line) => line.after < line.before),
    );
}

/** A table that got the column by the migration: what was nobody's is now somebody's. */
function afterOf(after: Record<string, number> | undefined, own: string, before: Record<string, number>): number {
  if (!after) return 0;
  const hadNoOwner = own === '' && Object.keys(before).length === 1;
  if (hadNoOwner) return Object.values(after).reduce((sum, count) => sum + count, 0);
  return after[own] ?? 0;
}

import { PassThrough, Readable } from 'node:stream';
import { NotProved } from '#libs/core/errors.js';
import type { Gabungan, RowCounts, TableRows } from './gabungan-port.js';

/** As they were written: nothing is cut silently, zero stays zero in key columns, references are checked by the counts. */
const AS_WRITTEN = "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_AUTO_VALUE_ON_ZERO', FOREIGN_KEY_CHECKS = 0;\n";

/** Every row of every base table. */
export const everyRow = async (gabungan: Pick<Gabungan, 'tables'>): Promise<TableRows[]> =>
  (await gabungan.tables()).map((table) => ({ table, where: 'TRUE' }));

async function* afterHead(lines: AsyncIterable<Buffer>): AsyncGenerator<Buffer | string> {
  yield AS_WRITTEN;
  for await (const part of lines) yield part;
}

/** Fills an empty database with a schema and then with the lines that `dumpRows` wrote. */
export async function loadWhole(copy: Gabungan, schema: Readable, rows: Readable): Promise<void> {
  await copy.load(schema);
  await copy.load(Readable.from(afterHead(rows)));
}

/** One stream from a writer to a reader; whichever fails first is told. */
export async function piped<T, U>(
  write: (to: PassThrough) => Promise<T>,
  read: (from: PassThrough) => Promise<U>,
): Promise<[T, U]> {
  const stream = new PassThrough();
  // Whoever fails first is told below; a reader that does not listen yet must not end the process.
  stream.on('error', () => undefined);
  const writing = write(stream).catch((error: unknown) => {
    stream.destroy(error as Error);
    throw error;
  });
  const reading = read(stream).catch((error: unknown) => {
    stream.destroy(error as Error);
    throw error;
  });
  const [written, taken] = await Promise.allSettled([writing, reading]);
  if (written.status === 'rejected') throw written.reason;
  if (taken.status === 'rejected') throw taken.reason;
  return [written.value, taken.value];
}

/** From the real one into an empty copy without a file between them; answers how many rows there were at that moment. */
export async function copyWhole(real: Gabungan, copy: Gabungan): Promise<RowCounts> {
  await piped(
    (to) => real.dumpSchema(to),
    (from) => copy.load(from),
  );
  const plan = await everyRow(real);
  const [counts] = await piped(
    (to) => real.dumpRows(plan, to),
    (from) => copy.load(Readable.from(afterHead(from))),
  );
  return counts;
}

export async function countAll(gabungan: Gabungan, tables: string[]): Promise<RowCounts> {
  const counts: RowCounts = {};
  for (const table of tables)
    counts[table] = await gabungan.count(`SELECT COUNT(*) FROM \`${table.replaceAll('`', '``')}\``);
  return counts;
}

/** Throws `rows-differ` with the tables that do. */
export function assertSameRows(expected: RowCounts, found: RowCounts): void {
  const tables = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
  const wrong = tables.filter((table) => expected[table] !== found[table]);
  if (wrong.length > 0)
    throw new NotProved('rows-differ', {
      tables: wrong.map((table) => `${table} ${expected[table]} != ${found[table]}`),
    });
}

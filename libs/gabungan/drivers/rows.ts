import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { NotProved } from '#libs/core/errors.js';
import type { RowCounts, TableRows } from '../gabungan-port.js';
import { quoteName } from '../grants.js';
import { kindOf, LINE_BYTES, linesOf, literal, type Kind } from '../row-lines.js';

interface Column {
  name: string;
  kind: Kind;
}

/** Generated columns cannot be written and come back by themselves. */
async function columnsOf(connection: Connection, table: string): Promise<Column[]> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT COLUMN_NAME AS name, DATA_TYPE AS type FROM information_schema.COLUMNS
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = :table AND IS_GENERATED = 'NEVER' ORDER BY ORDINAL_POSITION`,
    { table },
  );
  return rows.map((row) => ({ name: row.name as string, kind: kindOf(row.type as string) }));
}

const insertHead = (table: string, columns: Column[]): string =>
  `INSERT INTO ${quoteName(table)} (${columns.map(({ name }) => quoteName(name)).join(',')})`;

/** Rows come as bytes, uncast, so that nothing is rounded or re-encoded on the way. */
const rowsOf = (connection: Connection, { table, where }: TableRows, columns: Column[]): Readable =>
  (connection as unknown as { connection: import('mysql2').Connection }).connection
    .query({
      sql: `SELECT ${columns.map(({ name }) => quoteName(name)).join(',')} FROM ${quoteName(table)} WHERE ${where}`,
      rowsAsArray: true,
      typeCast: (field) => field.buffer(),
    })
    .stream();

/** A sink that broke before would never drain again. */
async function write(to: Writable, line: string): Promise<void> {
  if (to.destroyed) throw to.errored ?? new Error('the file was closed');
  if (!to.write(line)) await once(to, 'drain');
}

async function dumpTable(connection: Connection, rows: TableRows, to: Writable): Promise<number> {
  const columns = await columnsOf(connection, rows.table);
  const head = insertHead(rows.table, columns);
  let count = 0;
  let held: string[] = [];
  let bytes = 0;
  const flush = async () => {
    if (held.length > 0) await write(to, `${head} VALUES ${held.join(',')};\n`);
    held = [];
    bytes = 0;
  };
  for await (const row of rowsOf(connection, rows, columns) as AsyncIterable<(Buffer | null)[]>) {
    const text = `(${columns.map(({ kind }, index) => literal(row[index] ?? null, kind)).join(',')})`;
    held.push(text);
    bytes += text.length;
    count += 1;
    if (bytes > LINE_BYTES) await flush();
  }
  await flush();
  return count;
}

/** All tables as they were at one moment: what other desa write meanwhile cannot tear it. */
export async function dumpRows(connection: Connection, plan: TableRows[], to: Writable): Promise<RowCounts> {
  await connection.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
  const counts: RowCounts = {};
  for (const rows of plan) counts[rows.table] = await dumpTable(connection, rows, to);
  await connection.query('COMMIT');
  to.end();
  return counts;
}

/** Only lines that `dumpRows` writes are taken; anything else in the file stops it. */
async function loadLines(connection: Connection, lines: Readable): Promise<void> {
  for await (const line of linesOf(lines)) {
    if (!/^INSERT INTO `/.test(line)) throw new NotProved('backup-damaged', { file: 'rows' });
    await connection.query({ sql: line, namedPlaceholders: false });
  }
}

async function countRows(connection: Connection, table: string, where: string): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT COUNT(*) AS n FROM ${quoteName(table)} WHERE ${where}`,
  );
  return Number(rows[0]!.n);
}

/** Strict, so that nothing is cut silently; zero stays zero in key columns, old zero dates stay what they are. */
const AS_WRITTEN = "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_AUTO_VALUE_ON_ZERO', FOREIGN_KEY_CHECKS = 0";
const AS_BEFORE = 'SET SESSION sql_mode = DEFAULT, FOREIGN_KEY_CHECKS = 1';

/** With foreign keys off nothing cascades: exactly the rows of the plan go, and exactly the dump's come. */
export async function replaceRows(
  connection: Connection,
  plan: TableRows[],
  lines: Readable,
  expected: RowCounts,
): Promise<void> {
  await connection.query(AS_WRITTEN);
  await connection.beginTransaction();
  for (const { table, where } of plan) await connection.query(`DELETE FROM ${quoteName(table)} WHERE ${where}`);
  await loadLines(connection, lines);
  const found: RowCounts = {};
  for (const { table, where } of plan) found[table] = await countRows(connection, table, where);
  assertSame(expected, found);
  await connection.commit();
  await connection.query(AS_BEFORE);
}

export function assertSame(expected: RowCounts, found: RowCounts): void {
  const tables = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
  const wrong = tables.filter((table) => expected[table] !== found[table]);
  if (wrong.length > 0)
    throw new NotProved('rows-differ', {
      tables: wrong.map((table) => `${table} ${expected[table]} != ${found[table]}`),
    });
}

/** `connection` is the admin's: the copy is a schema of its own, made empty table by table, and always dropped. */
export async function rehearseRows(
  connection: Connection,
  { from, copy }: { from: string; copy: string },
  lines: Readable,
  tables: string[],
): Promise<RowCounts> {
  try {
    await connection.query(`CREATE DATABASE ${quoteName(copy)}`);
    for (const table of tables)
      await connection.query(
        `CREATE TABLE ${quoteName(copy)}.${quoteName(table)} LIKE ${quoteName(from)}.${quoteName(table)}`,
      );
    await connection.query(`USE ${quoteName(copy)}`);
    await connection.query(AS_WRITTEN);
    await loadLines(connection, lines);
    const counts: RowCounts = {};
    for (const table of tables) counts[table] = await countRows(connection, table, 'TRUE');
    return counts;
  } finally {
    await connection.query(`DROP DATABASE IF EXISTS ${quoteName(copy)}`);
  }
}

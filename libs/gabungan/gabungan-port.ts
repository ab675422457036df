import type { Readable, Writable } from 'node:stream';
import type { Secret } from '#libs/core/secret.js';

export type Parameters = Record<string, string | number | null>;
export type Row = Record<string, unknown>;

/** Where a merged database is and who owns it. `container` set: dialled through the engine; else TCP to host:port. */
export interface GabunganAddress {
  name: string;
  container?: string;
  host: string;
  port: number;
  database: string;
  /** Super account that may create users: root of our own container, or an account the operator handed in. */
  admin: { user: string; password: Secret };
  /** Stable owner of schema and views (facts/opensid 5.4): install and migration run as this one. */
  owner: { user: string; password: Secret };
  reader: { user: string; password: Secret };
  /** A copy made by this run, which removes it again: nothing of it has to outlive a crash of its server. */
  copyOfRun?: string;
}

export interface SchemaFingerprint {
  sha256: string;
  tables: number;
  views: number;
}

export interface InvariantResult {
  name: string;
  expected: number;
  observed: number;
}

/** Which rows of a table belong to one desa: a condition without placeholders, built by us from numbers and the manifest. */
export interface TableRows {
  table: string;
  where: string;
}
/** table -> number of rows */
export type RowCounts = Record<string, number>;

/**
 * One merged database. Throws `Unavailable('gabungan-unreachable')` when it does not answer,
 * `Forbidden('gabungan-password-wrong', { user })` when an account is refused.
 */
export interface Gabungan {
  /** As owner; named parameters `:name`. */
  query(sql: string, parameters?: Parameters): Promise<Row[]>;
  /** First column of the first row as a number; NaN when there is none. */
  count(sql: string, parameters?: Parameters): Promise<number>;
  tables(): Promise<string[]>;
  fingerprint(): Promise<SchemaFingerprint>;
  /** What the fingerprint is made of, as rows. */
  schema(): Promise<Row[]>;
  /** Data and keys as the server accounts them. */
  sizeBytes(): Promise<number>;
  invariants(list: { name: string; sql: string; expect: number }[]): Promise<InvariantResult[]>;
  /** Base tables that carry this column, in the order of their names. */
  tablesWith(column: string): Promise<string[]>;
  /** Views that stand or fall with an account other than the owner: `view definer`. */
  foreignDefiners(): Promise<string[]>;
  /** Creates or repairs a data-only account: SELECT, INSERT, UPDATE, DELETE on this schema alone. */
  ensureRuntimeAccount(user: string, password: Secret): Promise<void>;
  hasAccount(user: string): Promise<boolean>;
  dropAccount(user: string): Promise<void>;
  /** SHOW GRANTS lines, for the console and for tests. */
  grants(user: string): Promise<string[]>;
  /**
   * The rows of one desa as INSERT lines and their counts, all of one moment (one snapshot). Ends `to`.
   * Tables whose condition looks at other tables come first: rows are deleted in this order on the way back.
   */
  dumpRows(plan: TableRows[], to: Writable): Promise<RowCounts>;
  /** Loads such lines into an empty copy of the schema on the same server, counts, drops the copy. Changes nothing else. */
  rehearseRows(lines: Readable, tables: string[]): Promise<RowCounts>;
  /** Puts the rows of a dump in the place of those that are there, in one transaction; throws `rows-differ` unless the counts are `expected`. */
  replaceRows(plan: TableRows[], lines: Readable, expected: RowCounts): Promise<void>;
  /** Tables and views without a row. Ends `to`. */
  dumpSchema(to: Writable): Promise<void>;
  /** The whole schema with data. */
  dump(to: Writable): Promise<void>;
  load(sql: Readable, options?: { withoutForeignKeys?: boolean }): Promise<void>;
  /** DROP statements for every table and view; '' when there is none. Only to put a database back that was empty before. */
  dropStatements(): Promise<string>;
  close(): Promise<void>;
}

/** A view as it can be made anew. */
export interface ViewText {
  name: string;
  text: string;
  security: string;
}

/** Databases beside a merged one on its own server. */
export interface Beside {
  /** Empty, of the same charset, the owner's. */
  make(name: string): Promise<void>;
  drop(name: string): Promise<void>;
  /** Whether tables stand in it. */
  has(name: string): Promise<boolean>;
  views(name: string): Promise<ViewText[]>;
  /** The tables of `incoming` take the place of those that stand, which move to `outgoing`: one statement. Safe to repeat. */
  exchange(incoming: string, outgoing: string, views: { incoming: ViewText[]; standing: ViewText[] }): Promise<void>;
}

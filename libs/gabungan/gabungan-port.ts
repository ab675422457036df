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
  invariants(list: { name: string; sql: string; expect: number }[]): Promise<InvariantResult[]>;
  /** Creates or repairs a data-only account (SELECT, INSERT, UPDATE, DELETE, EXECUTE none, LOCK TABLES) on this schema alone. */
  ensureRuntimeAccount(user: string, password: Secret): Promise<void>;
  hasAccount(user: string): Promise<boolean>;
  dropAccount(user: string): Promise<void>;
  /** SHOW GRANTS lines, for the console and for tests. */
  grants(user: string): Promise<string[]>;
  /** The rows of one desa as SQL (facts/opensid 5.6); `where` per table. */
  dumpRows(plan: { table: string; where: string }[], to: Writable): Promise<void>;
  /** The whole schema with data. */
  dump(to: Writable): Promise<void>;
  load(sql: Readable, options?: { withoutForeignKeys?: boolean }): Promise<void>;
  /** DROP statements for every table and view; '' when there is none. Only to put a database back that was empty before. */
  dropStatements(): Promise<string>;
  close(): Promise<void>;
}

import { randomBytes } from 'node:crypto';
import type { RowDataPacket } from 'mysql2/promise';
import { AppError } from '#libs/core/errors.js';
import type { Docker } from '#libs/servers/docker.js';
import type { Gabungan, GabunganAddress, Parameters, Row } from '../gabungan-port.js';
import { quoteName, RUNTIME, RUNTIME_CONNECTIONS } from '../grants.js';
import { fingerprintOf, SCHEMA_SQL } from '../schema-fingerprint.js';
import * as accounts from './accounts.js';
import { clientOf } from './client.js';
import { connect, connections, StatementRefused, told, type Account, type Connections } from './connections.js';
import * as rows from './rows.js';

const DUMP = ['--single-transaction', '--quick', '--hex-blob', '--skip-triggers', '--default-character-set=utf8mb4'];

/** Opens nothing by itself: the first call does. It finds its way back by itself after the server was away. */
export function openGabungan(address: GabunganAddress, docker?: Docker): Gabungan {
  const { database, owner, admin } = address;
  const asOwner = pool(address, owner, docker, database);
  const asAdmin = pool(address, admin, docker);
  const client = () => {
    if (!docker) throw new AppError('gabungan-engine-missing', { gabungan: address.name });
    return clientOf(address, docker);
  };
  const query = (sql: string, parameters: Parameters = {}): Promise<Row[]> => ask(asOwner, sql, parameters);
  const count = async (sql: string, parameters?: Parameters): Promise<number> =>
    firstNumber(await query(sql, parameters));
  const namesOf = async (sql: string, parameters?: Parameters): Promise<string[]> =>
    (await query(sql, parameters)).map((row) => String(Object.values(row)[0]));
  const schema = async (): Promise<Row[]> => {
    const found: Row[] = [];
    for (const sql of SCHEMA_SQL) found.push(...(await query(sql)));
    return found;
  };

  return {
    query,
    count,
    tables: () => namesOf(`${TABLES} ORDER BY TABLE_NAME`),
    tablesWith: (column) => namesOf(TABLES_WITH, { column }),
    foreignDefiners: () => namesOf(FOREIGN_DEFINERS, { owner: `${owner.user}@%` }),
    fingerprint: async () => fingerprintOf(await schema(), database),
    schema,
    sizeBytes: () => count(`SELECT COALESCE(SUM(DATA_LENGTH + INDEX_LENGTH), 0) ${IN_SCHEMA}`),
    async invariants(list) {
      const results = [];
      for (const { name, sql, expect } of list) results.push({ name, expected: expect, observed: await count(sql) });
      return results;
    },
    ensureRuntimeAccount: (user, password) =>
      asAdmin.use((connection) =>
        accounts.ensureAccount(
          connection,
          { user, password },
          { schema: database, privileges: RUNTIME, connections: RUNTIME_CONNECTIONS },
        ),
      ),
    hasAccount: (user) => asAdmin.use((connection) => accounts.hasAccount(connection, user)),
    dropAccount: (user) => asAdmin.use((connection) => accounts.dropAccount(connection, user)),
    grants: (user) => asAdmin.use((connection) => accounts.grantsOf(connection, user)),
    dumpRows: (plan, to) => asOwner.use((connection) => rows.dumpRows(connection, plan, to)),
    rehearseRows: (lines, tables) =>
      asAdmin.use((connection) =>
        rows.rehearseRows(connection, { from: database, copy: copyOf(database) }, lines, tables),
      ),
    replaceRows: (plan, lines, expected) =>
      asOwner.use((connection) => rows.replaceRows(connection, plan, lines, expected)),
    dumpSchema: (to) => client().run(['mariadb-dump', ...DUMP, '--no-data', database], owner, { stdout: to }),
    dump: (to) => client().run(['mariadb-dump', ...DUMP, database], owner, { stdout: to }),
    load: (sql, { withoutForeignKeys = false } = {}) => {
      const start = withoutForeignKeys ? ['--init-command=SET SESSION FOREIGN_KEY_CHECKS=0'] : [];
      return client().run(['mariadb', ...start, database], owner, { stdin: sql });
    },
    dropStatements: async () =>
      dropsOf(await query(`SELECT TABLE_NAME AS name, TABLE_TYPE AS type ${IN_SCHEMA} ORDER BY TABLE_NAME`)),
    async close() {
      await Promise.all([asOwner.close(), asAdmin.close()]);
    },
  };
}

const IN_SCHEMA = 'FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()';
const TABLES = `SELECT TABLE_NAME ${IN_SCHEMA} AND TABLE_TYPE = 'BASE TABLE'`;
const TABLES_WITH = `${TABLES} AND TABLE_NAME IN
  (SELECT TABLE_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_NAME = :column)
  ORDER BY TABLE_NAME`;
const FOREIGN_DEFINERS = `SELECT CONCAT(TABLE_NAME, ' ', DEFINER) FROM information_schema.VIEWS
  WHERE TABLE_SCHEMA = DATABASE() AND DEFINER <> :owner ORDER BY TABLE_NAME`;

const pool = (address: GabunganAddress, account: Account, docker?: Docker, database?: string): Connections =>
  connections(
    () => connect(address, account, docker, database),
    (error) => told(error, address, account.user),
  );

/** Of several statements the last one's rows are answered. */
async function ask(pool: Connections, sql: string, parameters: Parameters): Promise<Row[]> {
  const [found] = await pool.use((connection) =>
    connection.query<RowDataPacket[] | RowDataPacket[][]>(sql, parameters).catch((cause: unknown) => {
      throw new StatementRefused('refused', { cause });
    }),
  );
  if (!Array.isArray(found)) return [];
  if (!Array.isArray(found[0]) && !found.some(isHeader)) return found as Row[];
  const last = (found as unknown[]).at(-1);
  return Array.isArray(last) ? (last as Row[]) : [];
}

const isHeader = (result: unknown): boolean =>
  (result as { constructor?: { name?: string } })?.constructor?.name === 'ResultSetHeader';

const firstNumber = ([row]: Row[]): number => {
  const value = row ? Object.values(row)[0] : undefined;
  return value === undefined || value === null ? Number.NaN : Number(value);
};

const copyOf = (database: string): string => `${database}_uji_${randomBytes(4).toString('hex')}`;

function dropsOf(found: Row[]): string {
  const drops = found.map(
    ({ name, type }) => `DROP ${type === 'VIEW' ? 'VIEW' : 'TABLE'} IF EXISTS ${quoteName(String(name))};`,
  );
  return drops.length === 0 ? '' : ['SET FOREIGN_KEY_CHECKS = 0;', ...drops, 'SET FOREIGN_KEY_CHECKS = 1;'].join('\n');
}

import type { Connection, RowDataPacket } from 'mysql2/promise';
import { areExactly, quotePattern } from '../grants.js';
import type { Account } from './connections.js';

export interface Rights {
  schema: string;
  privileges: readonly string[];
  /** 0: as many connections as the server has. */
  connections?: number;
}

/** Accounts are made for '%' only: names are not looked up, and the network decides who can reach the server at all. */
const at = (connection: Connection, user: string): string => `${connection.escape(user)}@'%'`;

export async function hasAccount(connection: Connection, user: string): Promise<boolean> {
  const [rows] = await connection.query<RowDataPacket[]>("SELECT 1 FROM mysql.user WHERE User = :user AND Host = '%'", {
    user,
  });
  return rows.length > 0;
}

/** SHOW GRANTS without the password's hash, which is nobody's to read. */
export async function grantsOf(connection: Connection, user: string): Promise<string[]> {
  const [rows] = await connection.query<RowDataPacket[]>(`SHOW GRANTS FOR ${at(connection, user)}`);
  return rows.map((row) => String(Object.values(row)[0]).replace(/ IDENTIFIED BY PASSWORD '[^']*'/, ''));
}

/** Creates or repairs; an account that already has exactly these rights keeps them without a gap. */
export async function ensureAccount(
  connection: Connection,
  { user, password }: Account,
  rights: Rights,
): Promise<void> {
  const name = at(connection, user);
  const secret = connection.escape(password.reveal());
  const limit = `WITH MAX_USER_CONNECTIONS ${rights.connections ?? 0}`;
  await connection.query(`CREATE USER IF NOT EXISTS ${name} IDENTIFIED BY ${secret} ${limit}`);
  await connection.query(`ALTER USER ${name} IDENTIFIED BY ${secret} ${limit}`);
  if (areExactly(await plainGrants(connection, user), rights.privileges, rights.schema)) return;
  await connection.query(`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${name}`);
  await connection.query(`GRANT ${rights.privileges.join(', ')} ON ${quotePattern(rights.schema)}.* TO ${name}`);
}

const plainGrants = async (connection: Connection, user: string): Promise<string[]> =>
  (await grantsOf(connection, user)).map((line) => line.replace(/ WITH MAX_USER_CONNECTIONS \d+$/, ''));

export async function dropAccount(connection: Connection, user: string): Promise<void> {
  await connection.query(`DROP USER IF EXISTS ${at(connection, user)}`);
}

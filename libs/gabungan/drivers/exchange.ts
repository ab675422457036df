import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Docker } from '#libs/servers/docker.js';
import type { Beside, GabunganAddress, ViewText } from '../gabungan-port.js';
import { OWNER, quoteName, quotePattern } from '../grants.js';
import { connect, told } from './connections.js';

/** Databases beside the merged one on the same server: what is restored comes in, what stood goes out and is kept. */
export function besideOn(
  address: GabunganAddress,
  docker: Docker,
  shape: { charset: string; collation: string },
): Beside {
  const { database, owner, admin } = address;
  const asAdmin = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const connection = await connect(address, admin, docker);
    try {
      return await work(connection);
    } catch (error) {
      throw told(error, address, admin.user);
    } finally {
      connection.destroy();
    }
  };
  const make = async (connection: Connection, name: string): Promise<void> => {
    await connection.query(
      `CREATE DATABASE IF NOT EXISTS ${quoteName(name)} CHARACTER SET ${shape.charset} COLLATE ${shape.collation}`,
    );
    await connection.query(
      `GRANT ${OWNER.join(', ')} ON ${quotePattern(name)}.* TO ${connection.escape(owner.user)}@'%'`,
    );
  };
  const drop = async (connection: Connection, name: string): Promise<void> => {
    await connection.query(`DROP DATABASE IF EXISTS ${quoteName(name)}`);
    const grants = `ALL PRIVILEGES ON ${quotePattern(name)}.* FROM ${connection.escape(owner.user)}@'%'`;
    await connection.query(`REVOKE ${grants}`).catch(notGranted);
  };
  return {
    make: (name) => asAdmin((connection) => make(connection, name)),
    drop: (name) => asAdmin((connection) => drop(connection, name)),
    has: (name) => asAdmin(async (connection) => (await tablesOf(connection, name)).length > 0),
    views: (name) => asAdmin((connection) => viewsOf(connection, name)),
    exchange: (incoming, outgoing, views) =>
      asAdmin(async (connection) => {
        await make(connection, outgoing);
        await move(connection, { database, incoming, outgoing });
        await makeViews(connection, owner.user, { from: incoming, into: database, views: views.incoming });
        await makeViews(connection, owner.user, { from: database, into: outgoing, views: views.standing });
      }),
  };
}

/** There was no such grant: the database was never made. */
function notGranted(error: unknown): void {
  if ((error as { code?: string }).code !== 'ER_NONEXISTING_GRANT') throw error;
}

async function tablesOf(connection: Connection, schema: string, type = 'BASE TABLE'): Promise<string[]> {
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = :schema AND TABLE_TYPE = :type ORDER BY TABLE_NAME',
    { schema, type },
  );
  return rows.map(({ name }) => name as string);
}

async function viewsOf(connection: Connection, schema: string): Promise<ViewText[]> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT TABLE_NAME AS name, VIEW_DEFINITION AS text, SECURITY_TYPE AS security FROM information_schema.VIEWS
     WHERE TABLE_SCHEMA = :schema ORDER BY TABLE_NAME`,
    { schema },
  );
  return rows as unknown as ViewText[];
}

/** One statement moves every table both ways: there is no moment in which half of them stand. */
async function move(
  connection: Connection,
  { database, incoming, outgoing }: { database: string; incoming: string; outgoing: string },
): Promise<void> {
  for (const schema of [database, incoming])
    for (const view of await tablesOf(connection, schema, 'VIEW'))
      await connection.query(`DROP VIEW IF EXISTS ${quoteName(schema)}.${quoteName(view)}`);
  const comes = await tablesOf(connection, incoming);
  // A killed attempt has moved them already.
  if (comes.length === 0) return;
  const moved = (from: string, to: string) => (table: string) =>
    `${quoteName(from)}.${quoteName(table)} TO ${quoteName(to)}.${quoteName(table)}`;
  const goes = (await tablesOf(connection, database)).map(moved(database, outgoing));
  await connection.query(`RENAME TABLE ${[...goes, ...comes.map(moved(incoming, database))].join(', ')}`);
}

/** Views cannot be moved: they are made anew for the owner, each as soon as those it stands on are there. */
async function makeViews(
  connection: Connection,
  owner: string,
  { from, into, views }: { from: string; into: string; views: ViewText[] },
): Promise<void> {
  let waiting = views;
  for (let tries = 0; waiting.length > 0 && tries <= views.length; tries += 1) {
    const failed: ViewText[] = [];
    for (const view of waiting)
      await makeView(connection, owner, { from, into, view }).catch((error: unknown) => {
        if (tries === views.length) throw error;
        failed.push(view);
      });
    waiting = failed;
  }
}

const makeView = (
  connection: Connection,
  owner: string,
  { from, into, view: { name, text, security } }: { from: string; into: string; view: ViewText },
): Promise<unknown> =>
  connection.query({
    sql: `CREATE OR REPLACE DEFINER = ${connection.escape(owner)}@'%' SQL SECURITY ${security === 'INVOKER' ? 'INVOKER' : 'DEFINER'}
      VIEW ${quoteName(into)}.${quoteName(name)} AS ${text.replaceAll(`${quoteName(from)}.`, `${quoteName(into)}.`)}`,
    namedPlaceholders: false,
  });

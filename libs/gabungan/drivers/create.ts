import type { Connection, RowDataPacket } from 'mysql2/promise';
import * as names from '#libs/catalog/names.js';
import { AppError, InvalidInput } from '#libs/core/errors.js';
import { until } from '#libs/core/retry.js';
import type { ContainerSpec, Docker } from '#libs/servers/docker.js';
import type { GabunganAddress } from '../gabungan-port.js';
import { OWNER, quoteName, READER } from '../grants.js';
import { ensureAccount } from './accounts.js';
import { connect, told, unreachable } from './connections.js';
import { ensureDoor } from './door.js';

const START_SECONDS = 180;

/** A word of SQL cannot be a parameter: it is checked instead. */
function assertWord(word: string): string {
  if (!/^[a-z0-9_]{1,64}$/.test(word)) throw new InvalidInput('charset-invalid', { word });
  return word;
}

/**
 * Container (or the door to a server elsewhere), database, owner and reader of a merged database. Safe to repeat at any point: what is there and right
 * stays, what is missing is made, passwords become those of `address`.
 */
export async function createGabungan(
  docker: Docker,
  address: GabunganAddress,
  { charset, collation }: { charset: string; collation: string },
): Promise<void> {
  const words = { charset: assertWord(charset), collation: assertWord(collation) };
  if (address.container) await ensureContainer(docker, address);
  else await ensureDoor(docker, address);
  const connection = await until(() => answering(docker, address), {
    timeoutSeconds: address.container ? START_SECONDS : 10,
    late: () => unreachable(address),
  });
  try {
    await ensureDatabase(connection, address.database, words);
    await ensureAccount(connection, address.owner, { schema: address.database, privileges: OWNER });
    await ensureAccount(connection, address.reader, { schema: address.database, privileges: READER, connections: 40 });
  } catch (error) {
    throw told(error, address, address.admin.user);
  } finally {
    connection.destroy();
  }
}

async function answering(docker: Docker, address: GabunganAddress): Promise<Connection | undefined> {
  try {
    return await connect(address, address.admin, docker);
  } catch (error) {
    if (error instanceof AppError && error.code === 'gabungan-unreachable') return undefined;
    throw error;
  }
}

/** The collation of an empty database follows the release; one that holds tables is never changed (mixed collations break joins). */
async function ensureDatabase(
  connection: Connection,
  database: string,
  { charset, collation }: { charset: string; collation: string },
): Promise<void> {
  const as = `CHARACTER SET ${charset} COLLATE ${collation}`;
  await connection.query(`CREATE DATABASE IF NOT EXISTS ${quoteName(database)} ${as}`);
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT COUNT(*) AS n FROM information_schema.TABLES WHERE TABLE_SCHEMA = :database',
    { database },
  );
  if (Number(rows[0]!.n) === 0) await connection.query(`ALTER DATABASE ${quoteName(database)} ${as}`);
}

async function ensureContainer(docker: Docker, address: GabunganAddress): Promise<void> {
  const spec = containerOf(address);
  const network = names.network(address.name);
  await docker.ensureNetwork(network, { internal: true, labels: spec.labels });
  await docker.ensureVolume(names.gabunganVolume(address.name), spec.labels);
  if (!(await docker.container(spec.name))) await docker.create(spec);
  await docker.connect(network, spec.name, [spec.name]);
  await docker.start(spec.name);
}

/** A copy is made anew after a crash of its server: it need not wait for the disk. */
const OF_A_COPY = ['--innodb-flush-log-at-trx-commit=0', '--innodb-doublewrite=0'];

/** No port, no capability, no password: only its own network reaches it. */
export const containerOf = ({ name, container, copyOfRun }: GabunganAddress): ContainerSpec => ({
  name: container!,
  image: names.mariadbImage(),
  argv: copyOfRun ? OF_A_COPY : undefined,
  labels: names.labels({ 'siappakai.gabungan': name, ...(copyOfRun ? { 'siappakai.run': copyOfRun } : {}) }),
  networks: [{ name: names.network(name), aliases: [container!] }],
  mounts: [{ volume: names.gabunganVolume(name), path: '/var/lib/mysql' }],
  tmpfs: { '/run/mysqld': 'mode=755,uid=999,gid=999,size=1m', '/tmp': 'mode=1777,size=512m' },
  readOnlyRoot: true,
  memoryMiB: 1536,
  pids: 8192,
  restart: 'always',
  stopSeconds: 60,
});

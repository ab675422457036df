import { DataSource } from 'typeorm';
import { Unavailable } from '#libs/core/errors.js';
import { until } from '#libs/core/retry.js';
import { withAdvisoryLock } from './advisory-lock.js';
import { migrationsIn, MIGRATIONS_FOLDER } from './migrate.js';

export interface DatabaseOptions {
  /** Connections of this process; api and worker share a server that allows 100. */
  connections?: number;
  /** How long a server that is still starting is waited for. */
  waitSeconds?: number;
}

/**
 * A machine that lost its power, or a process that is frozen, must not keep the rows it had locked from all others: the
 * server ends such a session within a minute.
 */
const GONE = Object.entries({
  tcp_keepalives_idle: 15,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 3,
  idle_in_transaction_session_timeout: 60_000,
})
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ');

/** Opens PostgreSQL and brings its tables up to date. Api and worker may start together: one migrates, the other waits. */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<DataSource> {
  const db = new DataSource({
    type: 'postgres',
    url,
    migrations: await migrationsIn(MIGRATIONS_FOLDER),
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    poolSize: options.connections ?? 10,
    connectTimeoutMS: 5000,
    applicationName: 'siappakai',
    extra: { keepAlive: true, options: GONE },
  });
  await connect(db, options.waitSeconds ?? 30);
  await withAdvisoryLock(db, 'schema-migration', () => db.runMigrations());
  return db;
}

const STARTING = ['ECONNREFUSED', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN', '57P03'];

async function connect(db: DataSource, waitSeconds: number): Promise<void> {
  let last: unknown;
  const attempt = async (): Promise<true | undefined> => {
    try {
      await db.initialize();
      return true;
    } catch (error) {
      last = error;
      if (!STARTING.includes((error as { code?: string }).code ?? '')) throw error;
      return undefined;
    }
  };
  await until(attempt, { timeoutSeconds: waitSeconds, late: () => new Unavailable('database-unreachable', {}, last) });
}

export { withAdvisoryLock };

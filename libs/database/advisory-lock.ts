import type { DataSource } from 'typeorm';

/** One holder of `name` in the whole database at a time; others wait. PostgreSQL frees it when the holder's process dies. */
export async function withAdvisoryLock<T>(db: DataSource, name: string, work: () => Promise<T>): Promise<T> {
  const runner = db.createQueryRunner();
  await runner.connect();
  try {
    await runner.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
    try {
      return await work();
    } finally {
      await runner.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]);
    }
  } finally {
    await runner.release();
  }
}

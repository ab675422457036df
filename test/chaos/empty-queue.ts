import type { DataSource } from 'typeorm';

const DEADLOCK = '40P01';

export interface Emptying {
  /** How often it was emptied. Throws what the last time threw. */
  stop(): Promise<number>;
}

/** Takes every ring out of a queue again and again: whatever is rung is lost, unless it was heard at once. */
export function keepEmptying(empty: () => Promise<unknown>, everyMilliseconds = 100): Emptying {
  let [isOver, count] = [false, 0];
  const work = async (): Promise<void> => {
    for (; !isOver; count += 1) {
      await empty();
      await new Promise((wake) => setTimeout(wake, everyMilliseconds));
    }
  };
  const working = work();
  working.catch(() => undefined);
  return {
    async stop() {
      isOver = true;
      await working;
      return count;
    },
  };
}

/** Every table of the queue but the one that tells which tables there are. The queue's own work may come first: then it is the next time. */
export async function emptyPostgresQueue(db: DataSource): Promise<void> {
  const tables = (await db.query(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq' AND tablename <> 'migration'",
  )) as { name: string }[];
  if (tables.length === 0) throw new Error('there is no queue in this PostgreSQL');
  await db
    .query(`TRUNCATE ${tables.map(({ name }) => `bullmq.${name}`).join(', ')} CASCADE`)
    .catch((error: { code?: string }) => {
      if (error.code !== DEADLOCK) throw error;
    });
}

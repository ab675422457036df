import type { DataSource, QueryRunner } from 'typeorm';
import { until } from '#libs/core/retry.js';

const KEY = 4711;
/** A worker's write that changes the state of a run or a step waits here, inside its own transaction. */
const TRIGGERS = `
  CREATE FUNCTION chaos_gate() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM pg_advisory_xact_lock_shared(${KEY}); RETURN NULL; END $$;
  CREATE TRIGGER chaos_step AFTER UPDATE ON run_step FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION chaos_gate();
  CREATE TRIGGER chaos_run AFTER UPDATE ON run FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION chaos_gate();`;

/**
 * Stops a worker exactly at the boundaries of its steps, with nothing of it in the product: the journal's write is held
 * by PostgreSQL itself until it is let pass or dies with its worker.
 */
export class Gate {
  private constructor(
    private readonly db: DataSource,
    private readonly holder: QueryRunner,
  ) {}

  static async build(db: DataSource): Promise<Gate> {
    await db.query(TRIGGERS);
    const holder = db.createQueryRunner();
    await holder.connect();
    return new Gate(db, holder);
  }

  close = (): Promise<unknown> => this.holder.query(`SELECT pg_advisory_lock(${KEY})`);
  open = (): Promise<unknown> => this.holder.query(`SELECT pg_advisory_unlock(${KEY})`);

  /** Lets the write that waits pass; returns when it is committed. The next one waits again. */
  async letOnePass(): Promise<void> {
    await this.open();
    await this.close();
  }

  async isAnyWaiting(): Promise<boolean> {
    const rows = (await this.db.query(
      `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = ${KEY} AND NOT granted LIMIT 1`,
    )) as unknown[];
    return rows.length > 0;
  }

  /** A dead worker's write must not come through later: its connection ends, its transaction with it. */
  async dropWaiting(): Promise<void> {
    await this.db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = ${KEY} AND NOT granted`,
    );
    await until(async () => ((await this.isAnyWaiting()) ? undefined : true), {
      timeoutSeconds: 10,
      everyMilliseconds: 20,
      late: () => new Error('a dead worker still waits at the gate'),
    });
  }

  async tearDown(): Promise<void> {
    await this.holder.release();
  }
}

import { createPostgresBackend, Queue, withBackend, Worker } from 'bullmq';
import { InvalidInput } from '#libs/core/errors.js';
import type { Secret } from '#libs/core/secret.js';

/** Where the bell hangs: Redis when there is one, else PostgreSQL. `Config` fits. */
export interface BellConnection {
  databaseUrl: Secret | undefined;
  redisUrl: Secret | undefined;
}

export interface Bell {
  /** Never throws and never takes long: the run is a row already, and the sweeper finds a run whose ring was lost. */
  ring(runId: string): Promise<void>;
  /** The same for a rollout that somebody has acted on. */
  ringRollout(rolloutId: string): Promise<void>;
  close(): Promise<void>;
}

export interface Listener {
  /** Takes no new ring and waits for the handlers under way. */
  close(): Promise<void>;
}

/** For a run, or for a rollout. */
export interface Ring {
  runId?: string;
  rolloutId?: string;
}

const QUEUE = 'siappakai-runs';
const RING_MILLISECONDS = 3000;

/** A finished job that is kept would make every later ring of the same run a silent no-op. */
const FORGET = { removeOnComplete: true, removeOnFail: true };
/** A worker killed under a ring: another one hears it after at most 15 seconds. */
const WATCH = { lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 3 };

export function openBell(connection: BellConnection): Bell {
  const queue = queueOn(connection);
  forgive(queue);
  const add = async (ring: Ring, more: { jobId?: string } = {}): Promise<void> => {
    const rung = queue.add('ring', ring, { ...FORGET, ...more });
    await Promise.race([rung.then(done, done), late()]);
  };
  return {
    // A job id must not look like a number or hold a colon.
    ring: (runId) => add({ runId }, { jobId: `run-${runId}` }),
    // Without an id of its own: a ring while another is being heard must not be swallowed by it.
    ringRollout: (rolloutId) => add({ rolloutId }),
    close: () => queue.close(),
  };
}

/** Hears every ring once, on one of the listeners; a handler that throws loses the ring, not the run. */
export async function listen(
  connection: BellConnection,
  handler: (ring: Ring) => Promise<void>,
  concurrency: number,
): Promise<Listener> {
  const worker = workerOn(connection, ({ data }) => handler(data), concurrency);
  forgive(worker);
  await worker.waitUntilReady();
  return { close: () => worker.close() };
}

const postgres = withBackend(createPostgresBackend);
type Hear = (job: { data: Ring }) => Promise<void>;

function queueOn({ redisUrl, databaseUrl }: BellConnection) {
  if (redisUrl) return new Queue<Ring>(QUEUE, { connection: { url: redisUrl.reveal(), maxRetriesPerRequest: 1 } });
  return new postgres.Queue<Ring>(QUEUE, { connection: inPostgres(databaseUrl) });
}

function workerOn({ redisUrl, databaseUrl }: BellConnection, hear: Hear, concurrency: number) {
  if (redisUrl) {
    const connection = { url: redisUrl.reveal(), maxRetriesPerRequest: null };
    return new Worker<Ring>(QUEUE, hear, { ...WATCH, concurrency, connection });
  }
  return new postgres.Worker<Ring>(QUEUE, hear, { ...WATCH, concurrency, connection: inPostgres(databaseUrl) });
}

function inPostgres(databaseUrl: Secret | undefined) {
  if (!databaseUrl) throw new InvalidInput('config-invalid', { problems: ['DATABASE_URL: missing'] });
  return { connectionString: databaseUrl.reveal(), migrate: true, max: 4 };
}

/** Both reconnect by themselves; without a listener the event would end the process. */
function forgive(ears: { on(event: 'error', hear: () => void): unknown }): void {
  ears.on('error', done);
}

const done = (): void => undefined;
const late = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, RING_MILLISECONDS).unref());

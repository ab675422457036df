import type { Duplex } from 'node:stream';
import { createConnection, type Connection } from 'mysql2/promise';
import { AppError, Away, Forbidden, Unavailable } from '#libs/core/errors.js';
import { inTime } from '#libs/core/retry.js';
import { assertStillMine } from '#libs/core/still-mine.js';
import type { Secret } from '#libs/core/secret.js';
import type { Docker } from '#libs/servers/docker.js';
import type { GabunganAddress } from '../gabungan-port.js';

const CONNECT_MILLISECONDS = 5000;
const IDLE_MILLISECONDS = 60_000;
/**
 * A connection that rested longer than this is asked before it is used: the server may be gone or frozen, and a statement
 * on a dead one waits for ever. As long as statements follow each other nothing is asked.
 */
const RESTED_MILLISECONDS = 50;
/** No port of the container is used: the client speaks to its unix socket through the engine. */
const DIAL = ['socat', '-', 'UNIX-CONNECT:/run/mysqld/mysqld.sock'];
const REFUSED = ['ER_ACCESS_DENIED_ERROR', 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR'];

export interface Account {
  user: string;
  password: Secret;
}
type Failure = Error & { code?: string; fatal?: boolean; sqlMessage?: string };

export const unreachable = ({ host }: GabunganAddress): Unavailable =>
  new Unavailable('gabungan-unreachable', { host });
export const passwordWrong = ({ host }: GabunganAddress, user: string): Forbidden =>
  new Forbidden('gabungan-password-wrong', { user, host });

/** The driver's own errors carry the statement with its values, passwords among them: only code and message go on. */
export function told(error: unknown, address: GabunganAddress, user: string): Error {
  if (error instanceof AppError) return error.code === 'dial-failed' ? unreachable(address) : error;
  const { code = 'unknown', fatal, sqlMessage, message } = error as Failure;
  if (REFUSED.includes(code)) return passwordWrong(address, user);
  if (fatal || !sqlMessage) return unreachable(address);
  return Object.assign(new Error(`${code}: ${sqlMessage ?? message}`), { code });
}

/** A container that is stopped or paused refuses the dial; only an engine that is away is another error. */
async function dial(address: GabunganAddress, docker: Docker): Promise<Duplex> {
  const opening = docker.dial(address.container!, DIAL);
  try {
    return await inTime(opening, CONNECT_MILLISECONDS, () => unreachable(address));
  } catch (error) {
    opening.then((stream) => stream.destroy()).catch(() => undefined);
    if (error instanceof Away) throw error;
    throw unreachable(address);
  }
}

/** One open connection as this account. */
export async function connect(
  address: GabunganAddress,
  account: Account,
  docker?: Docker,
  database?: string,
): Promise<Connection> {
  assertStillMine();
  const stream = address.container && docker ? await dial(address, docker) : undefined;
  try {
    const opening = createConnection({
      ...(stream ? { stream } : { host: address.host, port: address.port }),
      user: account.user,
      password: account.password.reveal(),
      database,
      charset: 'utf8mb4',
      connectTimeout: CONNECT_MILLISECONDS,
      namedPlaceholders: true,
      multipleStatements: true,
      dateStrings: true,
      supportBigNumbers: true,
    });
    return await inTime(opening, CONNECT_MILLISECONDS + 500, () => unreachable(address));
  } catch (error) {
    stream?.destroy();
    throw told(error, address, account.user);
  }
}

/** Thrown by works of one statement: the server said no, the session is as before. */
export class StatementRefused extends Error {}
const isOneStatements = (error: unknown): boolean =>
  error instanceof StatementRefused && !(error.cause as Failure).fatal && Boolean((error.cause as Failure).sqlMessage);

export interface Connections {
  /** The connection is this work's alone; after an error it is thrown away, unless `work` left its session as it was. */
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A few connections of one account, opened when needed, kept while used. */
export function connections(open: () => Promise<Connection>, tell: (error: unknown) => Error, limit = 4): Connections {
  const resting: { connection: Connection; since: number; timer: NodeJS.Timeout }[] = [];
  const waiting: (() => void)[] = [];
  let used = 0;

  async function awake(): Promise<Connection> {
    for (let found = resting.pop(); found; found = resting.pop()) {
      clearTimeout(found.timer);
      if (Date.now() - found.since < RESTED_MILLISECONDS || (await answers(found.connection))) return found.connection;
      found.connection.destroy();
    }
    return open();
  }

  function rest(connection: Connection): void {
    const timer = setTimeout(() => {
      resting.splice(
        resting.findIndex((entry) => entry.connection === connection),
        1,
      );
      connection.destroy();
    }, IDLE_MILLISECONDS);
    timer.unref();
    resting.push({ connection, since: Date.now(), timer });
  }

  async function run<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await awake();
    try {
      const result = await work(connection);
      rest(connection);
      return result;
    } catch (error) {
      if (isOneStatements(error)) rest(connection);
      else connection.destroy();
      throw tell(error instanceof StatementRefused ? error.cause : error);
    }
  }

  return {
    async use(work) {
      assertStillMine();
      if (used >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
      used += 1;
      try {
        return await run(work);
      } finally {
        used -= 1;
        waiting.shift()?.();
      }
    },
    async close() {
      for (const { connection, timer } of resting.splice(0)) {
        clearTimeout(timer);
        connection.destroy();
      }
    },
  };
}

const answers = (connection: Connection): Promise<boolean> =>
  inTime(connection.ping(), 2500, () => new Error('late')).then(
    () => true,
    () => false,
  );

import type { DataSource } from 'typeorm';
import { TooMany } from '#libs/core/errors.js';

const WINDOW_MINUTES = 15;
/** Per name and address: a person who forgot; nobody elsewhere locks them out. Per address: a program that tries names. */
const ALLOWED = { name: 8, address: 40 };

/** Counts in PostgreSQL: every api process sees the same attempts, and a restart forgets none. */
export async function assertMayTry(db: DataSource, username: string, address: string): Promise<void> {
  const [counts] = (await db.query(
    `SELECT count(*) FILTER (WHERE key = $1)::int AS name, count(*) FILTER (WHERE key = $2)::int AS address
     FROM login_attempt WHERE key IN ($1, $2) AND at > now() - make_interval(mins => $3)`,
    [nameKey(username, address), addressKey(address), WINDOW_MINUTES],
  )) as [{ name: number; address: number }];
  if (counts.name < ALLOWED.name && counts.address < ALLOWED.address) return;
  throw new TooMany('login-limited', { minutes: WINDOW_MINUTES });
}

export async function noteFailure(db: DataSource, username: string, address: string): Promise<void> {
  await db.query('INSERT INTO login_attempt (key) VALUES ($1), ($2)', [
    nameKey(username, address),
    addressKey(address),
  ]);
  await db.query(`DELETE FROM login_attempt WHERE at < now() - interval '1 day'`);
}

export async function forgetFailures(db: DataSource, username: string, address: string): Promise<void> {
  await db.query('DELETE FROM login_attempt WHERE key = $1', [nameKey(username, address)]);
}

const nameKey = (username: string, address: string): string =>
  `name ${username.toLowerCase().slice(0, 100)} ${address}`;
const addressKey = (address: string): string => `address ${address}`;

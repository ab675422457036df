import type { DataSource } from 'typeorm';
import type { DomainState } from '#libs/gateway/certificate-state.js';
import type { DiskSample } from './disk-trend.js';

/** A look that this worker may make; another one's writes fail once the fence has moved. */
export interface LookLease {
  serverId: string;
  fence: number;
  disk: DiskSample[];
  domains: DomainState[];
}

const EVERY_SECONDS = 60;
/** Longer than any look may take: who takes longer is cut off first. */
const LEASE_SECONDS = 75;

/**
 * Looks that are due, over all workers: a minute after the last began. A server that was just added is due at once. One on
 * another machine than the worker's is left to the workers there; `mine` are its own.
 */
export async function claimLooks(db: DataSource, worker: string, most: number, mine?: string[]): Promise<LookLease[]> {
  if (most <= 0) return [];
  await db.query('INSERT INTO look (server_id) SELECT id FROM server ON CONFLICT DO NOTHING');
  const [rows] = (await db.query(
    `UPDATE look SET leased_by = $1, leased_until = now() + make_interval(secs => $2), fence = fence + 1,
       due_at = now() + make_interval(secs => $3)
     WHERE server_id IN (SELECT server_id FROM look WHERE due_at <= now() AND (leased_until IS NULL OR leased_until < now())
         AND ($5::uuid[] IS NULL OR server_id = ANY ($5) OR server_id IN (SELECT id FROM server WHERE address NOT LIKE 'unix:%'))
       ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED)
     RETURNING server_id AS "serverId", fence::int, disk, certificates AS domains`,
    [worker, LEASE_SECONDS, EVERY_SECONDS, most, mine ?? null],
  )) as [LookLease[], number];
  return rows;
}

export interface Ending {
  seconds: number;
  /** Why nothing was seen. */
  problem?: string;
  disk: DiskSample[];
  domains: DomainState[];
}

type Queries = Pick<DataSource, 'query'>;

/** The look is over; false when another worker has taken it meanwhile, and nothing of it may be written. */
export async function endLook(db: Queries, lease: LookLease, ending: Ending): Promise<boolean> {
  const { seconds, problem, disk, domains } = ending;
  const [, touched] = (await db.query(
    `UPDATE look SET leased_by = NULL, leased_until = NULL, looked_at = now(), seconds = $3, problem = $4, disk = $5, certificates = $6
     WHERE server_id = $1 AND fence = $2 AND leased_until IS NOT NULL`,
    [lease.serverId, lease.fence, seconds, problem ?? null, JSON.stringify(disk), JSON.stringify(domains)],
  )) as [unknown, number];
  return touched > 0;
}

/** After a repair nobody waits a minute: the server is due at once. */
export async function lookSoon(db: Queries, serverId: string): Promise<void> {
  await db.query('UPDATE look SET due_at = now() WHERE server_id = $1', [serverId]);
}

/** The server of what a run was about. */
export async function lookSoonAt(db: Queries, kind: string, subjectId: string): Promise<void> {
  const [row] = (await db.query(
    `SELECT CASE $1 WHEN 'server' THEN $2::uuid WHEN 'gabungan' THEN (SELECT server_id FROM gabungan WHERE id = $2::uuid)
       ELSE (SELECT server_id FROM installation WHERE desa_id = $2::uuid LIMIT 1) END AS id`,
    [kind, subjectId],
  )) as { id: string | null }[];
  if (row?.id) await lookSoon(db, row.id);
}

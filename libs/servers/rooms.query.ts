import type { DataSource } from 'typeorm';
import type { ServerRoom } from './room.js';

type Queries = Pick<DataSource, 'query'>;

interface Row {
  id: string;
  name: string;
  labels: string[];
  drainedAt: Date | null;
  problem: string | null;
  facts: { memoryBytes?: number; availableMemoryBytes?: number; diskBytes?: number; freeBytes?: number } | null;
  desaCount: number;
}

const ROOMS = `SELECT s.id, s.name, s.labels, s.drained_at AS "drainedAt", s.problem, s.facts,
  (SELECT count(*)::int FROM installation i WHERE i.server_id = s.id) AS "desaCount"
  FROM server s WHERE s.kabupaten_id = $1 ORDER BY s.name`;

/** The servers of a kabupaten as they were last looked at. */
export async function roomsOf(db: Queries, kabupatenId: string): Promise<ServerRoom[]> {
  const rows = (await db.query(ROOMS, [kabupatenId])) as Row[];
  return rows.map(({ id, name, labels, drainedAt, problem, facts, desaCount }) => ({
    id,
    name,
    labels,
    isDraining: drainedAt !== null,
    isAway: problem === 'server-unreachable',
    memoryBytes: facts?.memoryBytes,
    availableMemoryBytes: facts?.availableMemoryBytes,
    diskBytes: facts?.diskBytes,
    freeDiskBytes: facts?.freeBytes,
    desaCount,
  }));
}

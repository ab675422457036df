import type { DataSource } from 'typeorm';
import type { ServerRoom } from './room.js';

type Queries = Pick<DataSource, 'query'>;

interface Row {
  id: string;
  name: string;
  labels: string[];
  drainReason: string | null;
  isAway: boolean;
  facts: { memoryBytes?: number; availableMemoryBytes?: number; diskBytes?: number; freeBytes?: number } | null;
  desaCount: number;
  atOnce: number;
}

const ROOMS = `SELECT s.id, s.name, s.labels, s.drain_reason AS "drainReason", s.facts, s.at_once AS "atOnce",
  (s.circuit->>'state' <> 'closed' OR s.problem IS NOT DISTINCT FROM 'server-unreachable') AS "isAway",
  (SELECT count(*)::int FROM installation i WHERE i.server_id = s.id) AS "desaCount"
  FROM server s WHERE s.kabupaten_id = $1 AND (s.address LIKE 'unix:%' OR s.enrolled_at IS NOT NULL) ORDER BY s.name`;

/** The servers of a kabupaten that have passed their check-list, as they were last looked at. */
export async function roomsOf(db: Queries, kabupatenId: string): Promise<ServerRoom[]> {
  const rows = (await db.query(ROOMS, [kabupatenId])) as Row[];
  return rows.map(({ facts, ...row }) => ({
    ...row,
    memoryBytes: facts?.memoryBytes,
    availableMemoryBytes: facts?.availableMemoryBytes,
    diskBytes: facts?.diskBytes,
    freeDiskBytes: facts?.freeBytes,
  }));
}

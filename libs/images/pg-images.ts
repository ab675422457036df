import type { DataSource } from 'typeorm';
import type { KnownRelease } from './prunable.js';
import type { WantedImage } from './ship.js';

type Queries = Pick<DataSource, 'query'>;

/**
 * Every built release, and whether a server must keep it: an installation there stands on it, is to come to it, or stood
 * on it before its last update; or a rollout that is not over leads to it, wherever. Without a server: any of them.
 */
export async function knownReleases(db: Queries, serverId: string | null): Promise<KnownRelease[]> {
  return (await db.query(
    `WITH here AS (SELECT * FROM installation WHERE $1::uuid IS NULL OR server_id = $1),
     kept AS (
       SELECT placed_release_id::text AS id FROM here UNION SELECT wanted_release_id::text FROM here
       UNION SELECT r.release_id::text FROM rollout r WHERE r.state IN ('approved', 'running', 'paused')
         OR (r.state = 'draft' AND r.created_at > now() - interval '30 days')
       UNION SELECT last.previous FROM (
         SELECT DISTINCT ON (run.subject_id, run.app) run.input->'aimed'->>'previousReleaseId' AS previous
         FROM run JOIN here ON here.desa_id = run.subject_id AND here.app = run.app
         WHERE run.subject_kind = 'desa' AND run.verb = 'update' AND run.state = 'done'
         ORDER BY run.subject_id, run.app, run.ended_at DESC) AS last)
     SELECT app, image, built_at AS "builtAt", id::text IN (SELECT id FROM kept WHERE id IS NOT NULL) AS "isKept"
     FROM release WHERE image IS NOT NULL AND built_at IS NOT NULL`,
    [serverId],
  )) as KnownRelease[];
}

export interface Shipment extends WantedImage {
  serverId: string;
  layers: number;
  movedBytes: number;
}

export async function recordShipment(
  db: Queries,
  { serverId, image, imageId, layers, movedBytes }: Shipment,
): Promise<void> {
  await db.query(
    `INSERT INTO shipment (server_id, image, image_id, layers, moved_bytes) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (server_id, image) DO UPDATE SET image_id = $3, layers = $4, moved_bytes = $5, shipped_at = now()`,
    [serverId, image, imageId, layers, movedBytes],
  );
}

export async function forgetShipments(db: Queries, serverId: string, images: readonly string[]): Promise<void> {
  await db.query('DELETE FROM shipment WHERE server_id = $1 AND image = ANY($2)', [serverId, images]);
}

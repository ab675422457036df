import type { DataSource } from 'typeorm';
import { record } from '#libs/audit/audit.service.js';
import { within, type Scope } from '#libs/auth/scope.js';
import type { Place } from '#libs/contract/places.js';
import { NotFound } from '#libs/core/errors.js';
import { NEED, ranked } from './room.js';
import { roomsOf } from './rooms.query.js';

interface Marked {
  id: string;
  kabupatenId: string;
  labels: string[];
  drainReason: string | null;
}

/** Where desa may be placed: who is drained, what servers are called for, and how each is judged now. */
export class PlacesService {
  constructor(private readonly db: DataSource) {}

  /** Best first. */
  async list(kabupatenId: string, labels: readonly string[] = []): Promise<Place[]> {
    const rooms = await roomsOf(this.db, kabupatenId);
    return ranked(rooms, { ...NEED, labels }).map(({ id, name, desaCount, left, lacks }) => {
      const room = rooms.find((one) => one.id === id)!;
      const isMeasured = room.freeDiskBytes !== undefined || room.availableMemoryBytes !== undefined;
      return {
        id,
        server: name,
        labels: [...room.labels],
        drainReason: room.drainReason,
        desaCount,
        atOnce: room.atOnce,
        left: isMeasured ? left : null,
        lacks,
      };
    });
  }

  /** Nobody is placed there any more; who lives there stays until moved. */
  drain(scope: Scope, actor: string, name: string, reason: string): Promise<void> {
    return this.mark({ scope, actor, name, action: 'server.drain' }, { drainReason: reason });
  }

  undrain(scope: Scope, actor: string, name: string): Promise<void> {
    return this.mark({ scope, actor, name, action: 'server.undrain' }, { drainReason: null });
  }

  label(scope: Scope, actor: string, name: string, labels: readonly string[]): Promise<void> {
    return this.mark({ scope, actor, name, action: 'server.label' }, { labels: [...new Set(labels)].sort() });
  }

  /** How many runs may be at work there at once; those that have begun go on. */
  async limit(scope: Scope, actor: string, name: string, atOnce: number): Promise<void> {
    await this.db.transaction(async (manager) => {
      const [before] = (await manager.query(
        `SELECT id, kabupaten_id AS "kabupatenId", at_once AS "atOnce" FROM server
         WHERE name = $2 AND ($1::uuid[] IS NULL OR kabupaten_id = ANY($1)) FOR UPDATE`,
        [within(scope), name],
      )) as { id: string; kabupatenId: string; atOnce: number }[];
      if (!before) throw new NotFound('server-unknown', { name });
      await manager.query('UPDATE server SET at_once = $2 WHERE id = $1', [before.id, atOnce]);
      const { kabupatenId } = before;
      const change = { before: { atOnce: before.atOnce }, after: { atOnce } };
      await record(manager, { actor, kabupatenId, action: 'server.limit', subject: name, ...change });
    });
  }

  private async mark(
    { scope, actor, name, action }: { scope: Scope; actor: string; name: string; action: string },
    change: Partial<Pick<Marked, 'labels' | 'drainReason'>>,
  ): Promise<void> {
    await this.db.transaction(async (manager) => {
      const [before] = (await manager.query(
        `SELECT id, kabupaten_id AS "kabupatenId", labels, drain_reason AS "drainReason" FROM server
         WHERE name = $2 AND ($1::uuid[] IS NULL OR kabupaten_id = ANY($1)) FOR UPDATE`,
        [within(scope), name],
      )) as Marked[];
      if (!before) throw new NotFound('server-unknown', { name });
      const after = { labels: before.labels, drainReason: before.drainReason, ...change };
      await manager.query(
        `UPDATE server SET labels = $2, drain_reason = $3, drained_by = CASE WHEN $3::text IS NULL THEN NULL ELSE $4 END,
           drained_at = CASE WHEN $3::text IS NULL THEN NULL ELSE COALESCE(drained_at, now()) END WHERE id = $1`,
        [before.id, after.labels, after.drainReason, actor],
      );
      const { kabupatenId, labels, drainReason } = before;
      await record(manager, { actor, kabupatenId, action, subject: name, before: { labels, drainReason }, after });
    });
  }
}

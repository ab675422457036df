import type { EntityManager } from 'typeorm';
import { newId } from '#libs/core/ids.js';

type Queries = Pick<EntityManager, 'query'>;

/** `2026-03` means the whole month: its last day. A day stays as it is. */
export function lastDayOf(end: string): string {
  const [, year, month] = /^(\d{4})-(\d{2})$/.exec(end) ?? [];
  return year ? new Date(Date.UTC(Number(year), Number(month), 0)).toISOString().slice(0, 10) : end;
}

/** Whose it is: `desaId` null for the one that the kabupaten gives to all its desa. */
export interface SubscriptionOwner {
  kabupatenId: string;
  desaId: string | null;
}

/** A day or a month (YYYY-MM-DD, YYYY-MM); null takes it away, and a desa then stands on its kabupaten's. */
export async function setSubscription(
  manager: Queries,
  { kabupatenId, desaId }: SubscriptionOwner,
  end: string | null,
  who: string,
): Promise<void> {
  await manager.query('DELETE FROM subscription WHERE kabupaten_id = $1 AND desa_id IS NOT DISTINCT FROM $2::uuid', [
    kabupatenId,
    desaId,
  ]);
  if (end === null) return;
  await manager.query(
    'INSERT INTO subscription (id, kabupaten_id, desa_id, ends_on, changed_by) VALUES ($1, $2, $3, $4, $5)',
    [newId(), kabupatenId, desaId, lastDayOf(end), who],
  );
}

/** The subscription of desa `d`, its own before its kabupaten's: `{ endsOn, isOwn }` or null. */
export const SUBSCRIPTION_OF_DESA = `(SELECT jsonb_build_object('endsOn', s.ends_on, 'isOwn', s.desa_id IS NOT NULL)
  FROM subscription s WHERE s.kabupaten_id = d.kabupaten_id AND (s.desa_id = d.id OR s.desa_id IS NULL)
  ORDER BY s.desa_id NULLS LAST LIMIT 1)`;

import type { DataSource } from 'typeorm';
import { record } from '#libs/audit/audit.service.js';
import { within, type Scope } from '#libs/auth/scope.js';
import { parseKodeDesa } from '#libs/catalog/kode-desa.js';
import type { Hold } from '#libs/contract/rollouts.js';
import { Conflict, InvalidInput, NotFound } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import type { Queries } from './pg-rollout.js';

interface NewHold {
  kabupatenId: string;
  desaId: string;
  code: string;
  reason: string;
  until: Date | null;
  who: string;
  now: Date;
}
type HoldRow = Omit<Hold, 'until' | 'createdAt'> & { until: Date | null; createdAt: Date };

/** Row and audit, in the caller's transaction. One whose time is over makes room; throws `hold-open`. Answers its id. */
export async function insertHold(manager: Queries, hold: NewHold): Promise<string> {
  const { kabupatenId, desaId, code, reason, until, who, now } = hold;
  await manager.query(
    `UPDATE hold SET ended_at = until, ended_by = 'until' WHERE desa_id = $1 AND ended_at IS NULL AND until <= $2`,
    [desaId, now],
  );
  const id = newId();
  const rows = (await manager.query(
    `INSERT INTO hold (id, kabupaten_id, desa_id, reason, until, asked_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT DO NOTHING RETURNING id`,
    [id, kabupatenId, desaId, reason, until, who, now],
  )) as unknown[];
  if (rows.length === 0) throw new Conflict('hold-open', { code });
  await record(manager, { actor: who, kabupatenId, action: 'hold.add', subject: code, after: { id, reason, until } });
  return id;
}

const SELECT = `SELECT h.id, d.code, d.name, h.reason, h.until, h.asked_by AS "askedBy", h.created_at AS "createdAt"
  FROM hold h JOIN desa d ON d.id = h.desa_id
  WHERE ($1::uuid[] IS NULL OR h.kabupaten_id = ANY($1)) AND h.ended_at IS NULL AND (h.until IS NULL OR h.until > now())`;
const viewOf = ({ until, createdAt, ...row }: HoldRow): Hold => ({
  ...row,
  until: until?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
});

/** Desa that are kept out of rollouts, with a reason and an end. */
export class HoldsService {
  constructor(private readonly db: DataSource) {}

  async list(scope: Scope): Promise<{ items: Hold[]; total: number }> {
    const rows = (await this.db.query(`${SELECT} ORDER BY d.code`, [within(scope)])) as HoldRow[];
    return { items: rows.map(viewOf), total: rows.length };
  }

  async add(
    scope: Scope,
    who: string,
    { desa: text, reason, until }: { desa: string; reason: string; until?: string },
  ): Promise<Hold> {
    const code = parseKodeDesa(text);
    const now = new Date();
    const end = until === undefined ? null : new Date(until);
    if (end && end <= now) throw new InvalidInput('hold-until-past', { until: end.toISOString() });
    const id = await this.db.transaction(async (manager) => {
      const [desa] = (await manager.query(
        `SELECT id, kabupaten_id AS "kabupatenId" FROM desa WHERE ($1::uuid[] IS NULL OR kabupaten_id = ANY($1)) AND code = $2`,
        [within(scope), code],
      )) as { id: string; kabupatenId: string }[];
      if (!desa) throw new NotFound('desa-unknown', { code: text });
      return insertHold(manager, {
        kabupatenId: desa.kabupatenId,
        desaId: desa.id,
        code,
        reason,
        until: end,
        who,
        now,
      });
    });
    const [row] = (await this.db.query(`${SELECT} AND h.id = $2`, [within(scope), id])) as [HoldRow];
    return viewOf(row);
  }

  /** Throws `hold-unknown`, also for one of a foreign kabupaten. */
  async remove(scope: Scope, who: string, id: string): Promise<void> {
    await this.db.transaction(async (manager) => {
      const [rows] = (await manager.query(
        `UPDATE hold h SET ended_at = now(), ended_by = $3 FROM desa d
         WHERE d.id = h.desa_id AND ($1::uuid[] IS NULL OR h.kabupaten_id = ANY($1)) AND h.id::text = $2 AND h.ended_at IS NULL
         RETURNING d.code, h.kabupaten_id AS "kabupatenId", h.reason`,
        [within(scope), id, who],
      )) as [{ code: string; kabupatenId: string; reason: string }[], number];
      const [ended] = rows;
      if (!ended) throw new NotFound('hold-unknown', { id });
      const { kabupatenId, code, reason } = ended;
      await record(manager, { actor: who, kabupatenId, action: 'hold.remove', subject: code, before: { id, reason } });
    });
  }
}

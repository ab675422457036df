import type { DataSource, EntityManager } from 'typeorm';
import type { AuditRow } from '#libs/contract/contract.js';
import { within, type Scope } from '#libs/auth/scope.js';

export interface Trace {
  /** Username, or the name of the clock that did it. */
  actor: string;
  /** Absent for what belongs to no kabupaten, such as a release or a token. */
  kabupatenId?: string;
  /** noun.verb, e.g. `desa.add`. */
  action: string;
  subject: string;
  before?: unknown;
  after?: unknown;
}

export interface AuditFilter {
  q?: string;
  limit?: number;
  offset?: number;
}

const INSERT =
  'INSERT INTO audit (actor, kabupaten_id, action, subject, before, after) VALUES ($1, $2, $3, $4, $5, $6)';
const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** Written in the same transaction as the change it tells of: `record(manager, …)`. Rows are never changed (trigger). */
export const record = async (db: Pick<EntityManager, 'query'>, trace: Trace): Promise<void> => {
  await db.query(INSERT, [
    trace.actor,
    trace.kabupatenId ?? null,
    trace.action,
    trace.subject,
    json(trace.before),
    json(trace.after),
  ]);
};

const WHERE = `($1::uuid[] IS NULL OR kabupaten_id = ANY($1)) AND ($2 = '' OR concat_ws(' ', actor, action, subject) ILIKE '%' || $2 || '%')`;

export class AuditService {
  constructor(private readonly db: DataSource) {}

  /** Newest first. Rows of no kabupaten are for those who see every kabupaten. */
  async list(scope: Scope, filter: AuditFilter = {}): Promise<{ items: AuditRow[]; total: number }> {
    const values = [within(scope), (filter.q ?? '').replaceAll(/[\\%_]/g, '\\$&')];
    const rows = (await this.db.query(
      `SELECT id::int, at, actor, kabupaten_id AS "kabupatenId", action, subject, before, after FROM audit
       WHERE ${WHERE} ORDER BY id DESC LIMIT $3 OFFSET $4`,
      [...values, filter.limit ?? 50, filter.offset ?? 0],
    )) as (Omit<AuditRow, 'at'> & { at: Date })[];
    const [{ total }] = (await this.db.query(`SELECT count(*)::int AS total FROM audit WHERE ${WHERE}`, values)) as [
      { total: number },
    ];
    return { items: rows.map((row) => ({ ...row, at: row.at.toISOString() })), total };
  }
}

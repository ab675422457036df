import type { DataSource } from 'typeorm';
import { record } from '#libs/audit/audit.service.js';
import { within, type Scope } from '#libs/auth/scope.js';
import type { Drift, DriftList, Evidence, Look, RepairPolicy, RepairPolicyShown } from '#libs/contract/looks.js';
import { problemText } from '#libs/contract/problems.js';
import { NotFound } from '#libs/core/errors.js';
import { KINDS } from './kinds.js';

type Language = 'id' | 'en';
type Row = Pick<Drift, 'id' | 'kabupatenId' | 'server' | 'kind' | 'subject' | 'repair'> & {
  evidence: Evidence;
  firstSeenAt: Date;
  lastSeenAt: Date;
  goneAt: Date | null;
};

const GONE_SHOWN = 100;
const IN_SCOPE = (table: string): string => `($1::uuid[] IS NULL OR ${table}.kabupaten_id = ANY($1))`;
const ROWS = `SELECT x.id, x.kabupaten_id AS "kabupatenId", s.name AS server, x.kind, x.subject, x.evidence,
    x.first_seen_at AS "firstSeenAt", x.last_seen_at AS "lastSeenAt", x.gone_at AS "goneAt",
    CASE WHEN run.id IS NOT NULL THEN jsonb_build_object('runId', run.id, 'state', run.state, 'askedBy', run.asked_by) END AS repair
  FROM drift x JOIN server s ON s.id = x.server_id LEFT JOIN run ON run.id = x.run_id
  WHERE ${IN_SCOPE('x')} AND ($2::text IS NULL OR s.name = $2) AND x.told_at IS NOT NULL`;

/** What drifts, what drifted, when each server was looked at, and what may be repaired without a person. */
export class DriftsService {
  constructor(private readonly db: DataSource) {}

  /** `server`: only of this one. Throws `server-unknown`. */
  async list(scope: Scope, server: string | undefined, language: Language = 'id'): Promise<DriftList> {
    const values = [within(scope), server ?? null];
    const looks = (await this.db.query(
      `SELECT s.name AS server, look.looked_at AS "lookedAt", look.seconds, look.problem
       FROM server s LEFT JOIN look ON look.server_id = s.id
       WHERE ${IN_SCOPE('s')} AND ($2::text IS NULL OR s.name = $2) ORDER BY s.name`,
      values,
    )) as (Omit<Look, 'lookedAt'> & { lookedAt: Date | null })[];
    if (server && looks.length === 0) throw new NotFound('server-unknown', { name: server });
    const open = (await this.db.query(`${ROWS} AND x.gone_at IS NULL ORDER BY x.first_seen_at`, values)) as Row[];
    const gone = (await this.db.query(`${ROWS} AND x.gone_at IS NOT NULL ORDER BY x.gone_at DESC LIMIT $3`, [
      ...values,
      GONE_SHOWN,
    ])) as Row[];
    const view = (row: Row): Drift => viewOf(row, language);
    const at = (time: Date | null): string | null => time?.toISOString() ?? null;
    return {
      open: open.map(view),
      gone: gone.map(view),
      looks: looks.map((one) => ({ ...one, lookedAt: at(one.lookedAt) })),
    };
  }

  async policy(scope: Scope, code: string): Promise<RepairPolicyShown> {
    const { id, code: kabupaten } = await this.find(scope, code);
    const [row] = (await this.db.query('SELECT by_itself AS "byItself" FROM repair_policy WHERE kabupaten_id = $1', [
      id,
    ])) as RepairPolicy[];
    return { kabupaten, byItself: row?.byItself ?? 'none' };
  }

  async setPolicy(scope: Scope, who: string, code: string, policy: RepairPolicy): Promise<RepairPolicyShown> {
    const before = await this.policy(scope, code);
    const { id } = await this.find(scope, code);
    await this.db.transaction(async (manager) => {
      await manager.query(
        `INSERT INTO repair_policy (kabupaten_id, by_itself, changed_by) VALUES ($1, $2, $3)
         ON CONFLICT (kabupaten_id) DO UPDATE SET by_itself = EXCLUDED.by_itself, changed_by = EXCLUDED.changed_by, changed_at = now()`,
        [id, policy.byItself, who],
      );
      const change = { before: { byItself: before.byItself }, after: policy };
      await record(manager, {
        actor: who,
        kabupatenId: id,
        action: 'repair-policy.set',
        subject: before.kabupaten,
        ...change,
      });
    });
    return { kabupaten: before.kabupaten, ...policy };
  }

  private async find(scope: Scope, code: string): Promise<{ id: string; code: string }> {
    const [row] = (await this.db.query(
      'SELECT id, code FROM kabupaten WHERE ($1::uuid[] IS NULL OR id = ANY($1)) AND code = $2',
      [within(scope), code.replaceAll('.', '')],
    )) as { id: string; code: string }[];
    if (!row) throw new NotFound('kabupaten-unknown', { code });
    return row;
  }
}

/** The words of a drift stand beside those of problems, under `drift-<kind>`. */
function viewOf({ evidence, ...row }: Row, language: Language): Drift {
  const { title, detail, hint } = problemText(
    `drift-${row.kind}`,
    { ...evidence, subject: row.subject, server: row.server },
    language,
  );
  const { repairedBy, isSafe } = KINDS[row.kind];
  return {
    ...row,
    ...{ title, detail, hint, evidence, repairedBy, isSafe },
    firstSeenAt: row.firstSeenAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    goneAt: row.goneAt?.toISOString() ?? null,
  };
}

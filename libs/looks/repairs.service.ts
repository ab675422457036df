import type { DataSource } from 'typeorm';
import { within, type Scope } from '#libs/auth/scope.js';
import { dotted } from '#libs/catalog/kode-desa.js';
import type { Run } from '#libs/contract/contract.js';
import type { DriftKind } from '#libs/contract/looks.js';
import { AppError, asAppError, Conflict, NotFound } from '#libs/core/errors.js';
import type { RunsService, StartRun } from '#libs/runs/runs.service.js';
import { KINDS } from './kinds.js';

export interface DriftRow {
  id: string;
  kabupatenId: string;
  serverId: string;
  server: string;
  kind: DriftKind;
  key: string;
  subject: string;
  desaId: string | null;
  desaCode: string | null;
  desaName: string | null;
  app: string | null;
  gabunganId: string | null;
  runId: string | null;
}

export interface Left {
  drift: DriftRow;
  problem: AppError;
}

const SELECT = `SELECT x.id, x.kabupaten_id AS "kabupatenId", x.server_id AS "serverId", s.name AS server, x.kind, x.key, x.subject,
    x.desa_id AS "desaId", d.code AS "desaCode", d.name AS "desaName", x.app, x.gabungan_id AS "gabunganId", x.run_id AS "runId"
  FROM drift x JOIN server s ON s.id = x.server_id LEFT JOIN desa d ON d.id = x.desa_id
  WHERE ($1::uuid[] IS NULL OR x.kabupaten_id = ANY($1)) AND x.gone_at IS NULL AND x.told_at IS NOT NULL`;

/** The clock gives up after so many repairs of the same in a day: what always comes back wants a person. */
const BY_ITSELF_PER_DAY = 3;
export const CLOCK = 'clock';

/** Every repair is a run; several drifts of one desa, or of one server, are one. */
export class RepairsService {
  constructor(
    private readonly db: DataSource,
    private readonly runs: RunsService,
  ) {}

  /** One drift, and with it whatever else drifts on the same subject. Throws `drift-unknown`, `drift-wants-a-person`, `run-open`. */
  async repair(scope: Scope, who: string, id: string, dryRun = false): Promise<Run> {
    const [drift] = (await this.db.query(`${SELECT} AND x.id::text = $2`, [within(scope), id])) as DriftRow[];
    if (!drift) throw new NotFound('drift-unknown', { id });
    return this.start(scope, who, [drift], dryRun);
  }

  /** All that can be repaired; what cannot is answered with its reason. Unknown containers are gone through one by one. */
  async repairAll(scope: Scope, who: string, server?: string): Promise<{ runs: Run[]; left: Left[] }> {
    const rows = (await this.db.query(`${SELECT} AND ($2::text IS NULL OR s.name = $2) ORDER BY x.first_seen_at`, [
      within(scope),
      server ?? null,
    ])) as DriftRow[];
    const left = rows.filter(({ kind }) => kind === 'container-unknown').map(refused);
    return this.startGroups(
      scope,
      who,
      rows.filter(({ kind }) => kind !== 'container-unknown'),
      left,
    );
  }

  /** What the policy allows, once per drift, asked by the clock. */
  async byItself(serverId: string): Promise<Run[]> {
    const safe = Object.entries(KINDS).flatMap(([kind, { isSafe }]) => (isSafe ? [kind] : []));
    const rows = (await this.db.query(
      `${SELECT} AND x.server_id = $2 AND x.run_id IS NULL AND x.kind = ANY($3)
         AND EXISTS (SELECT 1 FROM repair_policy p WHERE p.kabupaten_id = x.kabupaten_id AND p.by_itself = 'safe')
         AND $5 > (SELECT count(*) FROM drift past JOIN run ON run.id = past.run_id WHERE past.server_id = x.server_id
           AND past.kind = x.kind AND past.key = x.key AND run.asked_by = $4 AND run.created_at > now() - interval '1 day')`,
      [null, serverId, safe, CLOCK, BY_ITSELF_PER_DAY],
    )) as DriftRow[];
    return (await this.startGroups({ kabupatenIds: 'all' }, CLOCK, rows, [])).runs;
  }

  private async startGroups(
    scope: Scope,
    who: string,
    rows: DriftRow[],
    left: Left[],
  ): Promise<{ runs: Run[]; left: Left[] }> {
    const runs: Run[] = [];
    for (const group of bySubject(rows))
      try {
        runs.push(await this.start(scope, who, group, false));
      } catch (error) {
        // One desa that has an open run keeps no other from its repair.
        left.push(...group.map((drift) => ({ drift, problem: asAppError(error) })));
      }
    return { runs, left };
  }

  private async start(scope: Scope, who: string, group: DriftRow[], dryRun: boolean): Promise<Run> {
    const run = await this.runs.start(scope, wishOf(group, who, dryRun));
    const ids = group.map(({ id }) => id);
    if (!dryRun)
      await this.db.query('UPDATE drift SET run_id = $2 WHERE id = ANY($1) AND gone_at IS NULL', [ids, run.id]);
    return run;
  }
}

function bySubject(rows: DriftRow[]): DriftRow[][] {
  const groups = new Map<string, DriftRow[]>();
  for (const row of rows) {
    const name = subjectOf(row)?.join(' ') ?? row.id;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups.values()];
}

/** On what the repair of a drift is a run; undefined when it is none. */
function subjectOf({
  kind,
  desaId,
  app,
  gabunganId,
  serverId,
}: DriftRow): [StartRun['subjectKind'], ...string[]] | undefined {
  const { repairedBy } = KINDS[kind];
  if (repairedBy === 'desa' && desaId) return ['desa', desaId, app ?? ''];
  if (repairedBy === 'gabungan' && gabunganId) return ['gabungan', gabunganId];
  return repairedBy === 'server' ? ['server', serverId] : undefined;
}

function wishOf(group: DriftRow[], who: string, dryRun: boolean): StartRun {
  const first = group[0]!;
  const [subjectKind, subjectId] = subjectOf(first) ?? [];
  if (!subjectKind || !subjectId) throw refused(first).problem;
  const kinds = group.map(({ kind }) => kind);
  const containers = group.filter(({ kind }) => kind === 'container-unknown').map(({ key }) => key);
  const what =
    subjectKind === 'server' ? { containers, gateway: kinds.some((kind) => kind.startsWith('gateway-')) } : {};
  return {
    verb: 'repair',
    subjectKind,
    subjectId,
    subjectLabel: labelOf(first, subjectKind),
    kabupatenId: first.kabupatenId,
    app: first.app ?? undefined,
    input: { drift: kinds, ...what, ...(dryRun ? { dryRun } : {}) },
    askedBy: who,
  };
}

function labelOf({ desaCode, desaName, subject, server }: DriftRow, kind: StartRun['subjectKind']): string {
  if (kind === 'desa' && desaCode) return `${dotted(desaCode)} ${desaName}`;
  return kind === 'server' ? server : subject;
}

const refused = (drift: DriftRow): Left => ({
  drift,
  problem: new Conflict(drift.kind === 'container-unknown' ? 'drift-one-by-one' : 'drift-wants-a-person', {
    subject: drift.subject,
  }),
});

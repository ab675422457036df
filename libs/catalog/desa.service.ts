import type { DataSource, EntityManager } from 'typeorm';
import { Conflict } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import { record } from '#libs/audit/audit.service.js';
import { within, type Scope } from '#libs/auth/scope.js';
import type { ImportReport } from '#libs/contract/contract.js';
import { problemText } from '#libs/contract/problems.js';
import { readDesaCsv } from './desa-csv.js';
import { judge, judgeList, type JudgedDesa, type KnownWorld, type Verdict, type WantedDesa } from './desa-judge.js';
import type { DesaQuery } from './desa.query.js';
import { parseDomain } from './domain.js';
import { setSubscription } from './subscription.js';
import type { WilayahQuery } from './wilayah.query.js';

export interface DesaPatch {
  domain?: string;
  name?: string;
  sebutan?: string;
  zone?: 'WIB' | 'WITA' | 'WIT';
  note?: string;
  /** A day or a month; null: the desa stands on its kabupaten's. */
  subscriptionEnd?: string | null;
}
export interface ImportWanted {
  csv: string;
  onlyGood: boolean;
  dryRun: boolean;
}

const COLUMNS = ['code', 'domain', 'name', 'sebutan', 'zone', 'kabupatenId', 'kecamatanCode', 'kecamatanName'] as const;

/** Registers desa. Lists are judged whole before anything is written. */
export class DesaService {
  constructor(
    private readonly db: DataSource,
    private readonly wilayah: WilayahQuery,
    private readonly desa: DesaQuery,
  ) {}

  async add(scope: Scope, who: string, wanted: WantedDesa): Promise<string> {
    const judged = judge(wanted, await this.world(scope, [wanted]));
    await this.db.transaction((manager) => this.insert(manager, who, [judged]));
    return judged.code;
  }

  /** Either all rows, or with `onlyGood` those that are right; with `dryRun` none. */
  async import(scope: Scope, who: string, wanted: ImportWanted, language: 'id' | 'en'): Promise<ImportReport> {
    const list = readDesaCsv(wanted.csv);
    const verdicts = judgeList(
      list,
      await this.world(
        scope,
        list.map((row) => row.wanted),
      ),
    );
    const good = verdicts.flatMap(({ judged }) => judged ?? []);
    const applied = !wanted.dryRun && good.length > 0 && (wanted.onlyGood || good.length === list.length);
    if (applied) await this.db.transaction((manager) => this.insert(manager, who, good));
    return {
      accepted: good.length,
      refused: list.length - good.length,
      applied,
      rows: verdicts.map((verdict) => reported(verdict, language)),
    };
  }

  /** A domain that serves visitors is not changed under them: `domain-in-use`. */
  async change(scope: Scope, who: string, code: string, patch: DesaPatch): Promise<void> {
    const before = await this.desa.show(scope, code);
    const domain = patch.domain === undefined ? before.domain : parseDomain(patch.domain);
    const isServing = before.installations.some(({ state }) => state !== 'absent');
    if (domain !== before.domain && isServing)
      throw new Conflict('domain-in-use', { code: before.code, domain: before.domain });
    const after = {
      domain,
      name: patch.name ?? before.name,
      sebutan: patch.sebutan ?? before.sebutan,
      zone: patch.zone ?? before.zone,
      note: patch.note ?? before.note,
    };
    await this.db
      .transaction(async (manager) => {
        await manager.query(
          'UPDATE desa SET domain = $2, name = $3, sebutan = $4, zone = $5, note = $6 WHERE id = $1',
          [before.id, ...Object.values(after)],
        );
        const { installations: _, ...old } = before;
        const { id: desaId, kabupatenId } = before;
        const { subscriptionEnd } = patch;
        if (subscriptionEnd !== undefined)
          await setSubscription(manager, { kabupatenId, desaId }, subscriptionEnd, who);
        await record(manager, {
          actor: who,
          kabupatenId,
          action: 'desa.change',
          subject: before.code,
          before: old,
          after: subscriptionEnd === undefined ? after : { ...after, subscriptionEnd },
        });
      })
      .catch((error: unknown) => tellTaken(error, { domain, code: before.code }));
  }

  private async insert(manager: EntityManager, who: string, rows: JudgedDesa[]): Promise<void> {
    const ids = rows.map(() => newId());
    const values = COLUMNS.map((column) => rows.map((row) => row[column]));
    await manager
      .query(
        `INSERT INTO desa (id, code, domain, name, sebutan, zone, kabupaten_id, kecamatan_code, kecamatan_name)
         SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::text[], $9::text[])`,
        [ids, ...values],
      )
      .catch((error: unknown) =>
        tellTaken(error, {
          domain: rows.map((row) => row.domain).join(', '),
          code: rows.map((row) => row.code).join(', '),
        }),
      );
    for (const [at, row] of rows.entries()) {
      const owner = { kabupatenId: row.kabupatenId, desaId: ids[at]! };
      if (row.subscriptionEnd) await setSubscription(manager, owner, row.subscriptionEnd, who);
      await record(manager, {
        actor: who,
        kabupatenId: row.kabupatenId,
        action: 'desa.add',
        subject: row.code,
        after: row,
      });
    }
  }

  private async world(scope: Scope, wanted: WantedDesa[]): Promise<KnownWorld> {
    const codes = wanted.map(({ code }) => code.trim().replaceAll('.', ''));
    const domains = wanted.map(({ domain }) => domain.trim().toLowerCase());
    const [names, kabupaten, registered, taken] = await Promise.all([
      this.wilayah.names([...codes, ...codes.map((code) => code.slice(0, 6))]),
      this.db.query('SELECT code, id FROM kabupaten WHERE $1::uuid[] IS NULL OR id = ANY($1)', [
        within(scope),
      ]) as Promise<{ code: string; id: string }[]>,
      this.db.query('SELECT code, name FROM desa WHERE code = ANY($1)', [codes]) as Promise<
        { code: string; name: string }[]
      >,
      this.db.query('SELECT domain FROM desa WHERE domain = ANY($1)', [domains]) as Promise<{ domain: string }[]>,
    ]);
    return {
      names,
      kabupaten: new Map(kabupaten.map(({ code, id }) => [code, id])),
      registered: new Map(registered.map(({ code, name }) => [code, name])),
      domains: new Set(taken.map(({ domain }) => domain)),
    };
  }
}

const reported = ({ line, wanted, problem }: Verdict, language: 'id' | 'en'): ImportReport['rows'][number] => ({
  line,
  code: wanted.code,
  domain: wanted.domain,
  problem: problem ? problemText(problem.code, problem.data, language).detail : null,
});

/** Somebody else was quicker between the judging and the writing. */
function tellTaken(error: unknown, { domain, code }: { domain: string; code: string }): never {
  const { code: state, constraint } = error as { code?: string; constraint?: string };
  if (state !== '23505') throw error;
  if (constraint === 'desa_domain_key') throw new Conflict('domain-taken', { domain }, error);
  throw new Conflict('desa-taken', { code, name: '' }, error);
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import type { RolloutSettings, RolloutWhole } from '#libs/contract/rollouts.js';
import { newId } from '#libs/core/ids.js';
import { openDatabase } from '#libs/database/database.js';
import { startPostgres } from '#libs/database/embedded.js';
import { PlansService } from '#libs/rollouts/plans.service.js';
import { RolloutsQuery } from '#libs/rollouts/rollouts.query.js';
import { RolloutsService } from '#libs/rollouts/rollouts.service.js';
import { TicksService } from '#libs/rollouts/ticks.service.js';

export const ALL = { kabupatenIds: 'all' as const };
export const OLD = 'v2601.0.0';
export const NEW = 'v2602.0.0';
const SERVERS = ['satu', 'dua'];

export interface RolloutWorld {
  db: DataSource;
  plans: PlansService;
  rollouts: RolloutsService;
  query: RolloutsQuery;
  ticks: TicksService;
  worker: StandInWorker;
  close(): Promise<void>;
}

/** The real services on a real PostgreSQL; the world that runs would change is a stand-in. */
export async function openRolloutWorld(now?: () => Date): Promise<RolloutWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'siappakai-rollout-'));
  const postgres = await startPostgres({ folder: join(folder, 'postgres') });
  const db = await openDatabase(postgres.url);
  return {
    db,
    plans: new PlansService(db, now),
    rollouts: new RolloutsService(db, now),
    query: new RolloutsQuery(db),
    ticks: new TicksService(db, { ring: async () => {} }, now),
    worker: new StandInWorker(db, now),
    async close() {
      await db.destroy();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** So long seems each run of the stand-in when the time is set. */
export const LASTS_SECONDS = 600;
interface TakenRun {
  id: string;
  verb: string;
  subject: string;
  input: { version: string };
  rolloutId: string;
}
/** A site is asked after its run began. */
const later = (at: Date | null): Date | null => at && new Date(at.getTime() + 1000);
type Fate = 'done' | 'undone' | 'silent' | 'lies';

/** Stands in for the worker: ends every queued run as it was told, and shows the version that the site would answer. */
export class StandInWorker {
  /** By code of the desa, or by verb for runs of the gabungan. */
  fates = new Map<string, Fate>();
  verdict: 'rolling' | 'window' | 'unusable' = 'rolling';
  isCodeOnly = false;
  constructor(
    private readonly db: DataSource,
    /** A time that tests set; otherwise it is the database's. */
    private readonly now: () => Date | null = () => null,
  ) {}

  /** Ends what is queued, of one rollout or of all; answers how many runs it took. Each seems to have lasted a while. */
  async work(rolloutId?: string): Promise<number> {
    const [runs] = (await this.db.query(
      `UPDATE run SET state = 'running', fence = fence + 1,
         started_at = coalesce($2::timestamptz - make_interval(secs => ${LASTS_SECONDS}), clock_timestamp())
       WHERE ($1::uuid IS NULL OR rollout_id = $1) AND state = 'queued'
       RETURNING id, verb, subject_id AS subject, input, rollout_id AS "rolloutId"`,
      [rolloutId ?? null, this.now()],
    )) as [TakenRun[], number];
    for (const run of runs) await this.end(run);
    return runs.length;
  }

  private async end({ id, verb, subject, input, rolloutId }: TakenRun): Promise<void> {
    const [desa] = await this.db.query('SELECT code FROM desa WHERE id = $1', [subject]);
    const fate = this.fates.get(desa?.code ?? verb) ?? 'done';
    if (fate === 'silent') return;
    if (verb === 'build') await this.db.query(`UPDATE release SET state = 'built' WHERE id = $1`, [subject]);
    if (verb === 'rehearse' && fate === 'done') await this.rehearse(rolloutId, id);
    if (verb === 'update' && fate === 'done') await this.observe(subject, input.version);
    await this.db.query(
      `UPDATE run SET state = $2, problem = $3, ended_at = coalesce($4, clock_timestamp()) WHERE id = $1`,
      [
        id,
        fate === 'undone' ? 'undone' : 'done',
        fate === 'undone' ? JSON.stringify({ code: 'site-not-proved', data: { status: 500 } }) : null,
        this.now(),
      ],
    );
  }

  private observe(desaId: string, version: string): Promise<unknown> {
    return this.db.query(
      `UPDATE installation SET observed_version = $2, observed_at = coalesce($3, clock_timestamp()),
         placed_release_id = (SELECT id FROM release WHERE version = $2) WHERE desa_id = $1`,
      [desaId, version, later(this.now())],
    );
  }

  private rehearse(rolloutId: string, runId: string): Promise<unknown> {
    const report = {
      runId,
      verdict: this.verdict,
      because: { code: 'rehearsal-rolling', data: {} },
      migrationSeconds: 3,
      isCodeOnly: this.isCodeOnly,
      fingerprint: { sha256: 'x', tables: 1, views: 0 },
      schemaChanges: [],
      rowsLost: [],
      swallowedErrors: [],
      pages: [],
    };
    return this.db.query('UPDATE rollout SET rehearsal = $2 WHERE id = $1', [rolloutId, JSON.stringify(report)]);
  }
}

export interface Fleet {
  kabupatenId: string;
  kabupaten: string;
  gabunganId: string;
  gabungan: string;
  codes: string[];
}
let fleets = 0;

/** A kabupaten of its own for each test: two servers, one gabungan, so many desa at the old release. */
export async function furnish(db: DataSource, count: number): Promise<Fleet> {
  fleets += 1;
  const kabupaten = String(9000 + fleets);
  const [kabupatenId, gabunganId] = [newId(), newId()];
  await db.query('INSERT INTO kabupaten (id, code, name, provinsi_code, provinsi_name) VALUES ($1, $2, $2, $3, $3)', [
    kabupatenId,
    kabupaten,
    '90',
  ]);
  const servers = SERVERS.map((name) => ({ id: newId(), name: `${name}-${kabupaten}` }));
  for (const { id, name } of servers)
    await db.query(`INSERT INTO server (id, kabupaten_id, name, address) VALUES ($1, $2, $3, 'unix:/none')`, [
      id,
      kabupatenId,
      name,
    ]);
  const gabungan = `g-${kabupaten}`;
  await db.query(
    `INSERT INTO gabungan (id, kabupaten_id, server_id, name, edition, host, database_name, admin_user, admin_password, owner_user,
       owner_password, reader_user, reader_password, state, version)
     VALUES ($1, $2, $3, $4, 'umum', 'h', $4, 'a', 'sealed', 'o', 'sealed', 'r', 'sealed', 'running', $5)`,
    [gabunganId, kabupatenId, servers[0]!.id, gabungan, OLD],
  );
  for (const version of [OLD, NEW]) await addRelease(db, version);
  const fleet = { kabupatenId, kabupaten, gabunganId, gabungan, codes: [] as string[] };
  for (let at = 0; at < count; at += 1) fleet.codes.push(await addDesa(db, fleet, servers[at % 2]!.id, at));
  return fleet;
}

export async function addRelease(db: DataSource, version: string, at = new Date()): Promise<void> {
  await db.query(
    `INSERT INTO release (id, app, version, edition, sha256, source, archive_path, php, state, created_at)
     VALUES ($1, 'opensid', $2, 'umum', 'x', 'x', 'x', '8.2', 'built', $3) ON CONFLICT DO NOTHING`,
    [newId(), version, at],
  );
}

export async function addDesa(db: DataSource, fleet: Fleet, serverId: string, at: number): Promise<string> {
  const code = `${fleet.kabupaten}01${2001 + at}`;
  const id = newId();
  await db.query(
    `INSERT INTO desa (id, kabupaten_id, code, name, kecamatan_code, kecamatan_name, domain) VALUES ($1, $2, $3, $4, $5, $5, $6)`,
    [id, fleet.kabupatenId, code, `Desa ${at}`, `${fleet.kabupaten}0${1 + (at % 3)}`, `${code}.contoh.id`],
  );
  await db.query(
    `INSERT INTO installation (id, kabupaten_id, desa_id, app, state, server_id, gabungan_id, uid, runtime_password,
       observed_version, observed_at, placed_release_id)
     VALUES ($1, $2, $3, 'opensid', 'running', $4, $5, $6, 'sealed', $7, now(), (SELECT id FROM release WHERE version = $7))`,
    [newId(), fleet.kabupatenId, id, serverId, fleet.gabunganId, 20000 + at, OLD],
  );
  return code;
}

export const WAVES = [{ count: 1 }, { percent: 50 }, { percent: 100 }];

/** Planned, approved and started by two people. */
export async function begin(
  { plans, query }: RolloutWorld,
  fleet: Fleet,
  settings: Partial<RolloutSettings> = {},
): Promise<string> {
  const wish = { gabungan: fleet.gabungan, app: 'opensid', version: NEW, seed: 7 };
  const id = await plans.plan(ALL, 'ani', { ...wish, settings: { waves: WAVES, ...settings } });
  await plans.approve(ALL, 'budi', id, (await query.show(ALL, id)).planHash);
  await plans.start(ALL, 'ani', id);
  return id;
}

/** Ticks and works until nothing moves any more. */
export async function settleAll(world: RolloutWorld, id: string): Promise<RolloutWhole> {
  for (let round = 0; round < 100; round += 1) {
    await world.ticks.tick(id);
    if ((await world.worker.work(id)) === 0) break;
  }
  return world.query.show(ALL, id);
}

export const counts = ({ desa }: RolloutWhole): Record<string, number> =>
  desa.reduce<Record<string, number>>((sum, { state }) => ({ ...sum, [state]: (sum[state] ?? 0) + 1 }), {});

import type { DataSource } from 'typeorm';
import * as names from '#libs/catalog/names.js';
import { Conflict, InvalidInput, NotFound } from '#libs/core/errors.js';
import { open, type KeyRing } from '#libs/core/seal.js';
import { inRange } from '#libs/releases/version.js';
import type { App } from '#libs/templates/manifest.js';
import type { ClaimedRun } from '#libs/runs/lease.js';
import { judgement } from '#libs/servers/room.js';
import { choosePlace, chooseRelease, insertInstallation, replaceInstallation, type Queries } from './choose.js';
import { otherRuntimes, runtimeSpec } from './runtime-spec.js';
import { siteOf } from './site.js';
import type { DesaTarget, GabunganFacts, ReleaseFacts } from './target.js';

export interface Aimed {
  installationId: string;
  releaseId: string;
  previousReleaseId: string | null;
  /** How the servers were judged when one was chosen. */
  judged?: string[];
}

/** Another place than the one that the record says: of a desa on its way. */
export interface OtherPlace {
  serverId: string;
  uid: number;
}

export interface Aiming {
  db: DataSource;
  ring: KeyRing;
  apps: ReadonlyMap<string, App>;
}

/** The frozen target of a desa run: decided at the first claim, read back after a crash. */
export async function aimAtDesa(aiming: Aiming, run: ClaimedRun): Promise<DesaTarget> {
  const app = aiming.apps.get(run.app ?? '');
  if (!app) throw new InvalidInput('app-unknown', { app: run.app ?? '' });
  const aimed = (run.input.aimed as Aimed | undefined) ?? (await decide(aiming, run, app));
  return targetOfInstallation(aiming, run, app, aimed);
}

async function decide({ db, ring }: Aiming, run: ClaimedRun, app: App): Promise<Aimed> {
  return db.transaction(async (manager) => {
    const found = (await manager.query(
      'SELECT id, placed_release_id, state FROM installation WHERE desa_id = $1 AND app = $2',
      [run.subjectId, app.app],
    )) as {
      id: string;
      placed_release_id: string | null;
      state: string;
    }[];
    const existing = found[0];
    if (run.verb !== 'install' && !existing?.placed_release_id)
      throw new Conflict('desa-not-installed', { app: app.app });
    if (run.verb === 'install' && existing?.placed_release_id && !run.input.dryRun)
      throw new Conflict('desa-already-installed', { app: app.app });
    if (run.verb === 'remove') await refuseKept(manager, existing!.id);
    // What a broken run left stands where it is.
    const isPlaced = existing !== undefined && (existing.placed_release_id !== null || existing.state !== 'absent');
    const place = isPlaced ? undefined : await choosePlace(manager, run);
    if (place && existing) await replaceInstallation(manager, existing.id, app, place);
    const installationId = existing?.id ?? (await insertInstallation(manager, ring, run, app, place!));
    // What is removed or repaired is what stands.
    const releaseId = ['remove', 'repair'].includes(run.verb)
      ? existing!.placed_release_id!
      : await chooseRelease(manager, run, app, installationId);
    const aimed: Aimed = {
      installationId,
      releaseId,
      previousReleaseId: existing?.placed_release_id ?? null,
      judged: place?.judged.map(judgement),
    };
    await manager.query(`UPDATE run SET input = input || $2 WHERE id = $1 AND fence = $3`, [
      run.runId,
      JSON.stringify({ aimed }),
      run.fence,
    ]);
    return aimed;
  });
}

/** Verbs after which no runtime of a place holds the desa any more. */
const LEAVING = ['remove', 'move', 'settle'];

/** Whoever removes a desa has nothing left of it anywhere. */
async function refuseKept(db: Queries, installationId: string): Promise<void> {
  const [kept] = (await db.query(
    `SELECT s.name AS server, m.kept_until AS until FROM move m JOIN server s ON s.id = m.from_server_id
     WHERE m.installation_id = $1 AND m.switched_at IS NOT NULL AND m.settled_at IS NULL`,
    [installationId],
  )) as { server: string; until: Date }[];
  if (kept) throw new Conflict('move-still-kept', { server: kept.server, until: kept.until.toISOString() });
}

interface AimRow {
  [column: string]: string | number | null;
}

/** The target of one installation and release, whoever decided on them. */
export async function targetOfInstallation(
  aiming: Aiming,
  run: ClaimedRun,
  app: App,
  aimed: Aimed & { at?: OtherPlace },
): Promise<DesaTarget> {
  const [row] = (await aiming.db.query(
    `SELECT d.id AS desa_id, d.code, d.name, d.sebutan, d.domain, d.kecamatan_code, d.kecamatan_name,
       k.code AS kabupaten_code, k.name AS kabupaten_name, k.provinsi_code, k.provinsi_name,
       s.id AS server_id, s.name AS server_name, COALESCE($3, i.uid) AS uid, i.isolation, i.runtime_password,
       g.id AS gabungan_id, g.name AS gabungan_name, g.server_id AS gabungan_server_id, g.edition, g.database_name, g.owner_user, g.owner_password,
       g.charset, g.collation, g.version
     FROM installation i JOIN desa d ON d.id = i.desa_id JOIN kabupaten k ON k.id = i.kabupaten_id
     JOIN server s ON s.id = COALESCE($2, i.server_id) JOIN gabungan g ON g.id = i.gabungan_id WHERE i.id = $1`,
    [aimed.installationId, aimed.at?.serverId ?? null, aimed.at?.uid ?? null],
  )) as AimRow[];
  if (!row) throw new NotFound('installation-unknown', { id: aimed.installationId });
  const release = await releaseFacts(aiming.db, aimed.releaseId);
  const previous = aimed.previousReleaseId ? await releaseFacts(aiming.db, aimed.previousReleaseId) : undefined;
  return assemble(aiming, run, app, row, { ...aimed, release, previous });
}

export async function releaseFacts(db: Queries, id: string): Promise<ReleaseFacts> {
  const [row] = (await db.query(
    `SELECT id, version, edition, state, image, image_id AS "imageId", database_version AS "databaseVersion", minimum_version AS "minimumVersion" FROM release WHERE id = $1`,
    [id],
  )) as ReleaseFacts[];
  if (!row) throw new NotFound('release-unknown', { app: '', version: id });
  return row;
}

const text = (value: string | number | null | undefined): string => String(value ?? '');

function gabunganFacts(row: AimRow, ring: KeyRing, app: App, release: ReleaseFacts): GabunganFacts {
  const range = app.collations.find((candidate) => inRange(release.version, candidate));
  return {
    id: text(row.gabungan_id),
    name: text(row.gabungan_name),
    edition: row.edition as 'umum' | 'premium',
    serverId: text(row.gabungan_server_id),
    // As runtimes reach it: the container itself, or a door to where it stands.
    host: names.gabunganContainer(text(row.gabungan_name)),
    port: 3306,
    database: text(row.database_name),
    owner: { user: text(row.owner_user), password: open(ring, text(row.owner_password)) },
    // Empty, it follows the first release; with desa in it, it stays as it is.
    charset: text(row.version === null ? range?.charset : row.charset),
    collation: text(row.version === null ? range?.collation : row.collation),
    version: row.version as string | null,
  };
}

async function assemble(
  { db, ring }: Aiming,
  run: ClaimedRun,
  app: App,
  row: AimRow,
  aimed: { release: ReleaseFacts; previous?: ReleaseFacts; installationId: string; judged?: string[] },
): Promise<DesaTarget> {
  const gabungan = gabunganFacts(row, ring, app, aimed.release);
  const isolation = row.isolation as 'shared' | 'own';
  const facts = {
    code: text(row.code),
    name: text(row.name),
    sebutan: text(row.sebutan),
    domain: text(row.domain),
    uid: Number(row.uid),
  };
  const account = names.runtimeAccount(app.app, facts.code);
  const runtimePassword = open(ring, text(row.runtime_password));
  const place = {
    kabupatenId: run.kabupatenId,
    app,
    gabungan,
    serverId: text(row.server_id),
    own: isolation === 'own' ? names.site(facts.code) : undefined,
  };
  const runtime = await runtimeSpec(db, ring, place, aimed.release);
  const oneOffName = names.oneOff(runtime.name, run.runId);
  return Object.freeze({
    run: { id: run.runId, verb: run.verb, rolloutId: run.rolloutId },
    kabupatenId: run.kabupatenId,
    desa: {
      id: text(row.desa_id),
      ...facts,
      kecamatanCode: text(row.kecamatan_code),
      kecamatanName: text(row.kecamatan_name),
      kabupatenCode: text(row.kabupaten_code),
      kabupatenName: text(row.kabupaten_name),
      provinsiCode: text(row.provinsi_code),
      provinsiName: text(row.provinsi_name),
    },
    app,
    server: { id: text(row.server_id), name: text(row.server_name) },
    judged: aimed.judged ?? [],
    gabungan,
    installation: { id: aimed.installationId, uid: facts.uid, isolation, runtimePassword },
    release: aimed.release,
    previous: aimed.previous,
    runtime,
    previousRuntime: aimed.previous && (await runtimeSpec(db, ring, place, aimed.previous)),
    otherRuntimes: LEAVING.includes(run.verb) ? await otherRuntimes(db, ring, place, runtime) : [],
    oneOff: {
      ...runtime,
      name: oneOffName,
      configVolume: names.runtimeConfigVolume(oneOffName),
      labels: { ...runtime.labels, 'siappakai.run': run.runId },
    },
    account,
    site: siteOf(facts, gabungan, { user: account, password: runtimePassword }),
    ownerSite: siteOf(facts, gabungan, gabungan.owner),
  });
}

import { Conflict, InvalidInput, NotFound } from '#libs/core/errors.js';
import { open, type KeyRing } from '#libs/core/seal.js';
import type { Secret } from '#libs/core/secret.js';
import type { GabunganAddress } from '#libs/gabungan/gabungan-port.js';
import type { ClaimedRun } from '#libs/runs/lease.js';
import type { App } from '#libs/templates/manifest.js';
import * as names from '#libs/catalog/names.js';
import { targetOfInstallation, type Aiming } from './aim.js';
import type { Queries } from './choose.js';
import type { WholeOf } from './gabungan-backups-port.js';
import type { MigrationTarget, Routed } from './migration-target.js';
import type { RestoreTarget } from './restore-target.js';
import type { LetGoTarget } from './steps/drop-kept.step.js';
import { onCopy } from './rehearsal/on-copy.js';
import type { RehearsalTarget } from './rehearsal/target.js';
import type { DesaTarget, GabunganFacts } from './target.js';

export const appOf = ({ apps }: Aiming, run: ClaimedRun): App => {
  const wanted = run.app ?? (run.input.app as string | undefined);
  const app = wanted ? apps.get(wanted) : [...apps.values()].find(({ database }) => database === 'gabungan');
  if (!app) throw new InvalidInput('app-unknown', { app: wanted ?? '' });
  return app;
};

async function gabunganFacts({ db, ring }: { db: Queries; ring: KeyRing }, id: string): Promise<GabunganFacts> {
  const [row] = (await db.query(
    `SELECT id, name, edition, server_id AS "serverId", host, port, database_name AS database, owner_user AS "ownerUser", owner_password AS sealed,
       COALESCE(charset, 'utf8mb4') AS charset, COALESCE("collation", 'utf8mb4_general_ci') AS collation, version
     FROM gabungan WHERE id = $1`,
    [id],
  )) as (GabunganFacts & { ownerUser: string; sealed: string })[];
  if (!row) throw new NotFound('gabungan-unknown', { name: id });
  const { ownerUser, sealed, ...facts } = row;
  return { ...facts, owner: { user: ownerUser, password: open(ring, sealed) } };
}

export async function aimAtBackup(aiming: Aiming, run: ClaimedRun): Promise<WholeOf> {
  const gabungan = await gabunganFacts(aiming, run.subjectId);
  return { run: { id: run.runId }, kabupatenId: run.kabupatenId, app: appOf(aiming, run), gabungan };
}

interface Standing {
  id: string;
  desaId: string;
  releaseId: string;
}

/** Desa that stand in this gabungan, the canary first. */
async function standing({ db }: Aiming, run: ClaimedRun, app: App): Promise<Standing[]> {
  const rows = (await db.query(
    `SELECT i.id, i.desa_id AS "desaId", i.placed_release_id AS "releaseId" FROM installation i JOIN desa d ON d.id = i.desa_id
     WHERE i.gabungan_id = $1 AND i.app = $2 AND i.placed_release_id IS NOT NULL
     ORDER BY (i.desa_id::text = $3) DESC, d.code`,
    [run.subjectId, app.app, String(run.input.canary ?? '')],
  )) as Standing[];
  if (rows.length === 0) throw new Conflict('gabungan-without-desa', { name: run.subjectId });
  return rows;
}

const releaseOf = (run: ClaimedRun): string => {
  if (!run.input.releaseId)
    throw new NotFound('release-unknown', { app: run.app ?? '', version: String(run.input.version ?? '') });
  return String(run.input.releaseId);
};

const targetOf = (aiming: Aiming, run: ClaimedRun, app: App, at: Standing): Promise<DesaTarget> =>
  targetOfInstallation(aiming, run, app, {
    installationId: at.id,
    releaseId: releaseOf(run),
    previousReleaseId: at.releaseId,
  });

/** The canary and one neighbour of the same release: with rows of its own to prove, one desa alone proves too little. */
export async function aimAtRehearsal(
  aiming: Aiming,
  run: ClaimedRun,
  copy: { address: GabunganAddress; runtimePassword: Secret; tourPassword: Secret },
): Promise<RehearsalTarget> {
  const app = appOf(aiming, run);
  const [first, ...others] = await standing(aiming, run, app);
  const neighbour = others.find(({ releaseId }) => releaseId === first!.releaseId);
  const real = [await targetOf(aiming, run, app, first!)];
  if (neighbour) real.push(await targetOf(aiming, run, app, neighbour));
  const canary = real[0]!;
  return Object.freeze({
    run: canary.run,
    kabupatenId: run.kabupatenId,
    app,
    gabungan: canary.gabungan,
    release: canary.release,
    canary,
    actorsOfReal: real,
    actors: real.map((target) => onCopy(target, copy.address, copy.runtimePassword)),
    tourPassword: copy.tourPassword,
  });
}

/** The canary migrates for all; every desa that stands in the gabungan may have to show the maintenance page. */
export async function aimAtMigration(aiming: Aiming, run: ClaimedRun): Promise<MigrationTarget> {
  const app = appOf(aiming, run);
  const all = await standing(aiming, run, app);
  const canary = await targetOf(aiming, run, app, all[0]!);
  const mode = run.input.mode === 'window' ? 'window' : 'rolling';
  const routed: Routed[] = [];
  if (mode === 'window') for (const at of all) routed.push(routedOf(await targetOf(aiming, run, app, at)));
  return Object.freeze({ ...canary, mode, rolloutId: (run.input.rolloutId as string | undefined) ?? null, routed });
}

const routedOf = ({ desa, server, site, app, previousRuntime, runtime }: DesaTarget): Routed => ({
  serverId: server.id,
  domain: desa.domain,
  site: site.site,
  runtimes: [previousRuntime, runtime].flatMap((one) => (one ? [{ name: one.name, gateKey: one.gateKey }] : [])),
  deny: app.routes.deny,
  uploadMiB: app.site.uploadMiB,
});

interface BackupRow {
  id: string;
  version: string | null;
  folder: string;
  counts: RestoreTarget['backup']['counts'];
  fingerprint: RestoreTarget['backup']['fingerprint'];
}

/** A proved backup of this very gabungan, and every desa on the release that stands. */
export async function aimAtRestore(aiming: Aiming, run: ClaimedRun): Promise<RestoreTarget & { folder: string }> {
  const app = appOf(aiming, run);
  const gabungan = await gabunganFacts(aiming, run.subjectId);
  const wanted = String(run.input.backup ?? run.input.backupId ?? '');
  const [row] = (await aiming.db.query(
    `SELECT id, version, folder, row_counts AS counts, fingerprint FROM gabungan_backup
     WHERE gabungan_id = $1 AND id::text = $2 AND verified_at IS NOT NULL AND pruned_at IS NULL`,
    [run.subjectId, wanted],
  )) as BackupRow[];
  if (!row) throw new NotFound('gabungan-backup-unknown', { name: gabungan.name, id: wanted });
  const { folder, ...backup } = row;
  const targets: DesaTarget[] = [];
  for (const at of await standing(aiming, run, app))
    targets.push(await targetOfInstallation(aiming, run, app, { ...aimedAt(at), releaseId: at.releaseId }));
  return {
    run: { id: run.runId, verb: run.verb },
    kabupatenId: run.kabupatenId,
    app,
    gabungan,
    backup,
    folder,
    standing: [...new Set(targets.map(({ release }) => release.version))],
    restored: names.restoredDatabase(gabungan.name, run.runId),
    kept: names.keptDatabase(gabungan.name, run.runId),
    mode: 'window',
    routed: targets.map(routedOf),
  };
}

/** Only what a restore of this very gabungan left; its name is told by that restore, never by who asks. */
export async function aimAtKept(aiming: Aiming, run: ClaimedRun): Promise<LetGoTarget & { gabungan: GabunganFacts }> {
  const gabungan = await gabunganFacts(aiming, run.subjectId);
  const wanted = String(run.input.kept ?? '');
  const [restore] = (await aiming.db.query(
    `SELECT id FROM run WHERE id::text = $2 AND subject_kind = 'gabungan' AND subject_id = $1 AND verb = 'restore' AND state = 'done'`,
    [run.subjectId, wanted],
  )) as { id: string }[];
  if (!restore) throw new NotFound('kept-unknown', { id: wanted, name: gabungan.name });
  return { gabungan, kept: names.keptDatabase(gabungan.name, restore.id) };
}

const aimedAt = (at: Standing) => ({ installationId: at.id, previousReleaseId: at.releaseId });

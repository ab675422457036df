import { Secret } from '#libs/core/secret.js';
import { verifyWholeBackup } from '#libs/backups/gabungan-backup.js';
import { recordSeen } from '#libs/gabungan/gabungan.service.js';
import { removeCopy, startCopy } from '#libs/gabungan/drivers/copy.js';
import { besideOn } from '#libs/gabungan/drivers/exchange.js';
import { openGabungan } from '#libs/gabungan/drivers/mariadb.js';
import type { GabunganAddress } from '#libs/gabungan/gabungan-port.js';
import type { Aiming } from '#libs/provisioning/aim.js';
import {
  aimAtBackup,
  aimAtKept,
  aimAtMigration,
  aimAtRehearsal,
  aimAtRestore,
} from '#libs/provisioning/aim-gabungan.js';
import { catalogueOf, evidenceFor, pgNotes } from '#libs/provisioning/pg-rehearsals.js';
import { backup, letGo, migrate, rehearse, restore } from '#libs/provisioning/recipes/gabungan.recipes.js';
import type { RehearsalTarget, RehearsalTools } from '#libs/provisioning/rehearsal/target.js';
import type { RestoreTools } from '#libs/provisioning/restore-target.js';
import type { DesaTarget, Tools } from '#libs/provisioning/target.js';
import { walk } from '#libs/runs/engine.js';
import type { Journal } from '#libs/runs/journal.js';
import type { ClaimedRun } from '#libs/runs/lease.js';
import type { App } from '#libs/templates/manifest.js';
import { copyOf, gabunganBackups, passwordOfRun } from './gabungan-backups.js';
import type { Workshop } from './tools.js';

type CarryVerb = (workshop: Workshop, aiming: Aiming, run: ClaimedRun, journal: Journal) => Promise<void>;

/** Runs on a whole gabungan that a rollout, the clock or a person asks for. */
const VERBS: Readonly<Record<string, CarryVerb>> = {
  backup: carryBackup,
  rehearse: carryRehearsal,
  migrate: carryMigration,
  restore: carryRestore,
  'let-go': carryLetGo,
};

export function carryWhole(
  workshop: Workshop,
  apps: ReadonlyMap<string, App>,
  run: ClaimedRun,
  journal: Journal,
): Promise<void> | undefined {
  return VERBS[run.verb]?.(workshop, { db: workshop.db, ring: workshop.config.keyRing, apps }, run, journal);
}

const how = (workshop: Workshop, run: ClaimedRun) => ({
  dryRun: run.input.dryRun === true,
  undoing: run.state === 'undoing',
  askServer: async () => workshop.awake((await workshop.addressOf(run.subjectId)).serverId),
});

async function carryBackup(workshop: Workshop, aiming: Aiming, run: ClaimedRun, journal: Journal): Promise<void> {
  const target = await aimAtBackup(aiming, run);
  const { address, serverId } = await workshop.addressOf(run.subjectId);
  const { docker, gateway } = await workshop.server(serverId);
  const gabungan = await workshop.openGabungan(run.subjectId);
  const tools = {
    gateway,
    wholeBackups: gabunganBackups({ db: workshop.db, docker, store: workshop.store(), gabungan, address }),
    minimumFreeBytes: workshop.config.minimumFreeBytes,
    say: journal.say,
  };
  const recipe = backup(run.input.rolloutId ? 'rollout' : 'manual');
  await walk({ recipe, target, tools, journal, ...how(workshop, run) });
}

async function carryRehearsal(workshop: Workshop, aiming: Aiming, run: ClaimedRun, journal: Journal): Promise<void> {
  const { address } = await workshop.addressOf(run.subjectId);
  const { keyRing } = workshop.config;
  const copy = copyOf({ address, store: workshop.store() }, run.runId);
  const target = await aimAtRehearsal(aiming, run, {
    address: copy,
    runtimePassword: passwordOfRun(keyRing, run.runId, 'runtime'),
    // The rule of the application's own form: lower, upper, digit, symbol, at most 20.
    tourPassword: new Secret(`${passwordOfRun(keyRing, run.runId, 'tour').reveal().slice(0, 14)}Aa7#K`),
  });
  const real = await workshop.toolsFor(target.canary, journal);
  const tools = rehearsalTools(workshop, run, { target, real, copy });
  try {
    await walk({ recipe: rehearse, target, tools, journal, ...how(workshop, run) });
  } finally {
    await tools.copy.gabungan.close();
  }
  for (const one of target.actorsOfReal) await forgetUnused(one, real);
}

function rehearsalTools(
  { db }: Workshop,
  run: ClaimedRun,
  { target, real, copy }: { target: RehearsalTarget; real: Tools; copy: GabunganAddress },
): RehearsalTools {
  const { docker } = real;
  const { edition, charset, collation } = target.gabungan;
  return {
    real,
    copy: { ...real, gabungan: openGabungan(copy, docker) },
    notes: pgNotes(db, run, target.release.id),
    catalogue: () => catalogueOf(db, target.app.app, edition),
    startCopy: () => startCopy(docker, copy, { charset, collation }),
    isCopyRunning: async () => (await docker.container(copy.container!))?.state === 'running',
    isCopyThere: async () => {
      const ofRun = { 'siappakai.run': run.runId };
      const left = await Promise.all([docker.containers(ofRun), docker.volumes(ofRun), docker.networks(ofRun)]);
      return left.some(({ length }) => length > 0);
    },
    removeCopy: () => removeAll(target, real, copy),
    say: real.say,
  };
}

/** In the order in which the engine lets go: containers, then the volumes they held, then the network. */
async function removeAll(
  { actors }: RehearsalTarget,
  { docker, gateway, runtimes }: Tools,
  copy: GabunganAddress,
): Promise<void> {
  for (const { oneOff, runtime, previousRuntime } of actors)
    for (const spec of [oneOff, runtime, previousRuntime])
      if (spec) await runtimes.remove(spec.name, spec.configVolume);
  for (const volume of new Set(actors.map(({ runtime }) => runtime.dataVolume))) await docker.removeVolume(volume);
  await gateway.leaveNetwork(actors[0]!.runtime.network);
  await removeCopy(docker, copy);
}

/** Aiming names the runtime of the new release; one that nobody lives in is named no longer. */
async function forgetUnused({ runtime, run, server }: DesaTarget, { runtimes, records }: Tools): Promise<void> {
  if ((await runtimes.isRunning(runtime.name)) || (await records.isWanted(server.id, runtime.name, run.id))) return;
  await runtimes.remove(runtime.name, runtime.configVolume);
  await records.forgetRuntime(server.id, runtime.name);
}

async function carryMigration(workshop: Workshop, aiming: Aiming, run: ClaimedRun, journal: Journal): Promise<void> {
  const target = await aimAtMigration(aiming, run);
  const real = await workshop.toolsFor(target, journal);
  const { gabungan, release, rolloutId } = target;
  const evidence = () => evidenceFor(workshop.db, { gabunganId: gabungan.id, releaseId: release.id, rolloutId });
  await walk({ recipe: migrate, target, tools: { ...real, evidence }, journal, ...how(workshop, run) });
  await real.runtimes.remove(target.oneOff.name, target.oneOff.configVolume);
  await forgetUnused(target, real);
}

async function carryRestore(workshop: Workshop, aiming: Aiming, run: ClaimedRun, journal: Journal): Promise<void> {
  const { folder, ...target } = await aimAtRestore(aiming, run);
  const { address, serverId } = await workshop.addressOf(run.subjectId);
  const { docker, gateway } = await workshop.server(serverId);
  const { charset, collation } = target.gabungan;
  const restored = openGabungan({ ...address, database: target.restored }, docker);
  const tools = {
    docker,
    gateway,
    gabungan: await workshop.openGabungan(run.subjectId),
    beside: besideOn(address, docker, { charset, collation }),
    minimumFreeBytes: workshop.config.minimumFreeBytes,
    load: async () => void (await verifyWholeBackup(folder, workshop.config.keyRing, restored, target.app.invariants)),
    recordSeen: ({ version, ...seen }: Parameters<RestoreTools['recordSeen']>[0]) =>
      recordSeen(workshop.db, run.subjectId, { ...seen, version: version ?? undefined }),
    say: journal.say,
  };
  try {
    await walk({ recipe: restore, target, tools, journal, ...how(workshop, run) });
  } finally {
    await restored.close();
  }
}

async function carryLetGo(workshop: Workshop, aiming: Aiming, run: ClaimedRun, journal: Journal): Promise<void> {
  const target = await aimAtKept(aiming, run);
  const { address, serverId } = await workshop.addressOf(run.subjectId);
  const { docker } = await workshop.server(serverId);
  const { charset, collation } = target.gabungan;
  const tools = { beside: besideOn(address, docker, { charset, collation }) };
  await walk({ recipe: letGo, target, tools, journal, ...how(workshop, run) });
}

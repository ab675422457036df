import { InvalidInput } from '#libs/core/errors.js';
import { aimAtDesa } from '#libs/provisioning/aim.js';
import { desaRecipes } from '#libs/provisioning/recipes/desa.recipes.js';
import type { DesaTarget, Tools } from '#libs/provisioning/target.js';
import { markBegun } from '#libs/provisioning/settle.js';
import { walk } from '#libs/runs/engine.js';
import type { Journal } from '#libs/runs/journal.js';
import type { ClaimedRun } from '#libs/runs/lease.js';
import type { App } from '#libs/templates/manifest.js';
import { carryWhole } from './carry-gabungan.js';
import { carryGabungan, carryRelease } from './carry-parts.js';
import { carryMove } from './carry-move.js';
import { carryGabunganRepair, carryHttps, carryServerRepair } from './carry-repair.js';
import { carryServer } from './carry-server.js';
import type { Carry } from './run.processor.js';
import type { Workshop } from './tools.js';

/** From a claimed run to the recipe of its subject. */
export const carryWith = (workshop: Workshop, apps: ReadonlyMap<string, App>): Carry => {
  const bySubject: Record<ClaimedRun['subjectKind'], Carry> = {
    desa: (run, journal) => carryMove(workshop, apps, run, journal) ?? carryDesa(workshop, apps, run, journal),
    release: (run, journal) => carryRelease(workshop, apps, run, journal),
    gabungan: (run, journal) =>
      run.verb === 'repair'
        ? carryGabunganRepair(workshop, apps, run, journal)
        : (carryWhole(workshop, apps, run, journal) ?? carryGabungan(workshop, apps, run, journal)),
    server: (run, journal) => {
      if (run.verb === 'repair') return carryServerRepair(workshop, apps, run, journal);
      if (run.verb === 'https') return carryHttps(workshop, apps, run, journal);
      return carryServer(workshop, run, journal);
    },
  };
  return (run, journal) => bySubject[run.subjectKind](run, journal);
};

async function carryDesa(
  workshop: Workshop,
  apps: ReadonlyMap<string, App>,
  run: ClaimedRun,
  journal: Journal,
): Promise<void> {
  const recipe = desaRecipes.get(run.verb);
  if (!recipe) throw new InvalidInput('verb-unknown', { verb: run.verb });
  const target = await aimAtDesa({ db: workshop.db, ring: workshop.config.keyRing, apps }, run);
  const tools = await workshop.toolsFor(target, journal);
  const dryRun = run.input.dryRun === true;
  // A repair leads where the desa stands already.
  if (!dryRun && run.verb !== 'repair')
    await markBegun(workshop.db, run.verb, target.installation.id, target.release.id);
  const askServer = (): Promise<unknown> => workshop.awake(target.server.id);
  await walk({ recipe, target, tools, journal, dryRun, undoing: run.state === 'undoing', askServer });
  await tidy(target, tools);
}

/** Looking needs a door into the volumes; a runtime that nobody lives in keeps none. */
async function tidy({ oneOff, runtime, run, server }: DesaTarget, tools: Tools): Promise<void> {
  await tools.runtimes.remove(oneOff.name, oneOff.configVolume);
  if (await tools.runtimes.isRunning(runtime.name)) return;
  if (await tools.records.isWanted(server.id, runtime.name, run.id)) return;
  await tools.runtimes.remove(runtime.name, runtime.configVolume);
  await tools.records.forgetRuntime(server.id, runtime.name);
}

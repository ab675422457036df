import { aimAtMove, aimAtSettling } from '#libs/provisioning/aim-move.js';
import type { Aiming } from '#libs/provisioning/aim.js';
import type { MoveTarget, MoveTools } from '#libs/provisioning/move-target.js';
import { pgMoves } from '#libs/provisioning/pg-moves.js';
import { moveRecipes } from '#libs/provisioning/recipes/move.recipes.js';
import type { DesaTarget, Tools } from '#libs/provisioning/target.js';
import { walk } from '#libs/runs/engine.js';
import type { Journal } from '#libs/runs/journal.js';
import type { ClaimedRun } from '#libs/runs/lease.js';
import { carriageOn } from '#libs/runtimes/drivers/carriage.js';
import type { App } from '#libs/templates/manifest.js';
import type { Workshop } from './tools.js';

/** A run on a desa that sees two servers; undefined for every other verb. */
export function carryMove(
  workshop: Workshop,
  apps: ReadonlyMap<string, App>,
  run: ClaimedRun,
  journal: Journal,
): Promise<void> | undefined {
  if (!moveRecipes.has(run.verb)) return undefined;
  return carry(workshop, { db: workshop.db, ring: workshop.config.keyRing, apps }, run, journal);
}

async function carry(workshop: Workshop, aiming: Aiming, run: ClaimedRun, journal: Journal): Promise<void> {
  const target = await (run.verb === 'move' ? aimAtMove : aimAtSettling)(aiming, run);
  const tools = await toolsOf(workshop, target, journal);
  const recipe = moveRecipes.get(run.verb)!;
  // When something does not answer it may be either of the two.
  const askServer = async (): Promise<void> => {
    for (const { server } of [target.from, target.to]) await workshop.awake(server.id);
  };
  const how = { dryRun: run.input.dryRun === true, undoing: run.state === 'undoing', askServer };
  try {
    await walk({ recipe, target, tools, journal, ...how });
  } finally {
    await tools.carriage.close().catch(() => undefined);
  }
  await tidy(target.from, tools.from);
  await tidy(target.to, tools.to);
}

async function toolsOf(workshop: Workshop, target: MoveTarget, journal: Journal): Promise<MoveTools> {
  const [from, to] = [await workshop.toolsFor(target.from, journal), await workshop.toolsFor(target.to, journal)];
  const place = ({ runtime: spec, site }: DesaTarget, { docker }: Tools) => ({ docker, spec, site });
  return {
    from,
    to,
    carriage: carriageOn({ old: place(target.from, from), new: place(target.to, to) }, target.run.id),
    moves: pgMoves(workshop.db, target),
    clock: to.clock,
    say: to.say,
  };
}

/** Aiming names a runtime on both servers; one that nobody lives in is named no longer, and keeps no door. */
async function tidy({ runtime, run, server }: DesaTarget, { runtimes, records }: Tools): Promise<void> {
  if (await runtimes.isRunning(runtime.name)) return;
  if (await records.isWanted(server.id, runtime.name, run.id)) return;
  await runtimes.remove(runtime.name, runtime.configVolume);
  await records.forgetRuntime(server.id, runtime.name);
}

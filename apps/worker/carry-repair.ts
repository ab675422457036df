import * as names from '#libs/catalog/names.js';
import { Conflict } from '#libs/core/errors.js';
import { createGabungan } from '#libs/gabungan/drivers/create.js';
import type { HttpsSettings } from '#libs/gateway/https.js';
import { httpsOf, httpsRowOf, recordHttps } from '#libs/gateway/https-records.js';
import { unknownContainers } from '#libs/looks/drift-of-server.js';
import { wantedOf } from '#libs/looks/pg-wanted.js';
import type { Wanted } from '#libs/looks/wanted.js';
import type { GatewayTarget } from '#libs/provisioning/gateway-work.js';
import { repairGabungan, repairServer } from '#libs/provisioning/recipes/repair.recipes.js';
import { changeHttps } from '#libs/provisioning/recipes/server.recipes.js';
import { walk } from '#libs/runs/engine.js';
import type { Journal } from '#libs/runs/journal.js';
import type { ClaimedRun } from '#libs/runs/lease.js';
import type { App } from '#libs/templates/manifest.js';
import { gabunganApp, gabunganTools } from './carry-parts.js';
import type { Workshop } from './tools.js';

type Apps = ReadonlyMap<string, App>;
const how = (run: ClaimedRun) => ({ dryRun: run.input.dryRun === true, undoing: run.state === 'undoing' });

export async function carryGabunganRepair(
  workshop: Workshop,
  apps: Apps,
  run: ClaimedRun,
  journal: Journal,
): Promise<void> {
  const { db } = workshop;
  const id = run.subjectId;
  const app = gabunganApp(apps);
  const { address, serverId } = await workshop.addressOf(id);
  const { docker } = await workshop.watch(serverId);
  const [stored] = (await db.query('SELECT charset, "collation" FROM gabungan WHERE id = $1', [id])) as {
    charset: string | null;
    collation: string | null;
  }[];
  const charset = stored?.charset ?? 'utf8mb4';
  const collation = stored?.collation ?? 'utf8mb4_general_ci';
  const container = names.gabunganContainer(address.name);
  const tools = {
    ...(await gabunganTools(workshop, id, journal)),
    isRunning: async () => (await docker.container(container))?.state === 'running',
    create: () => createGabungan(docker, address, { charset, collation }),
  };
  const target = { id, address, charset, collation, app };
  await walk({ recipe: repairGabungan, target, tools, journal, ...how(run) });
}

const gatewayIn = ({ gateway, runtimes, sites, forwards }: Wanted): GatewayTarget => ({
  gateway,
  networks: [...new Set(runtimes.map(({ spec }) => spec.network))],
  routes: [...sites.filter(({ isBusy }) => !isBusy).map(({ route }) => route), ...forwards],
});

export async function carryServerRepair(
  workshop: Workshop,
  apps: Apps,
  run: ClaimedRun,
  journal: Journal,
): Promise<void> {
  const { db, config } = workshop;
  const look = () =>
    wantedOf({ db, ring: config.keyRing, apps, minimumFreeBytes: config.minimumFreeBytes }, run.subjectId);
  const wanted = await look();
  const { docker, gateway } = await workshop.watch(run.subjectId);
  const wantsGateway = run.input.gateway === true;
  const target = {
    ...{ id: wanted.server.id, name: wanted.server.name, wantsGateway },
    ...gatewayIn(wanted),
    containers: (run.input.containers as string[] | undefined) ?? [],
  };
  const isKnown = async (container: string): Promise<boolean> => {
    const found = await docker.container(container);
    return !found || unknownContainers(await look(), [found]).length === 0;
  };
  await walk({ recipe: repairServer, target, tools: { docker, gateway, isKnown }, journal, ...how(run) });
}

/** How the gateway serves HTTPS; what is wished lies in the run, its keys under seal beside the server. */
export async function carryHttps(workshop: Workshop, apps: Apps, run: ClaimedRun, journal: Journal): Promise<void> {
  const { db, config } = workshop;
  const id = run.subjectId;
  const records = { db, ring: config.keyRing, apps, minimumFreeBytes: config.minimumFreeBytes };
  const recorded = await wantedOf(records, id);
  const { docker, gatewayWith } = await workshop.watch(id);
  const wanted = run.input.https as HttpsSettings;
  const { certificates } = await httpsOf(db, config.keyRing, id, wanted);
  if (certificates.length < wanted.certificates.length)
    throw new Conflict('https-certificate-gone', { name: recorded.server.name });
  const asWanted = gatewayWith(wanted);
  const target = { id, name: recorded.server.name, ...gatewayIn(recorded), wanted, certificates };
  const tools = {
    docker,
    gatewayWith: (settings: HttpsSettings) => Promise.resolve(settings === wanted ? asWanted : gatewayWith(settings)),
    recorded: async () => (await httpsRowOf(db, id)).https,
    record: (settings: HttpsSettings) => recordHttps(db, id, settings),
  };
  await walk({ recipe: changeHttps, target, tools, journal, ...how(run), askServer: () => workshop.awake(id) });
}

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as names from '#libs/catalog/names.js';
import { InvalidInput, Unavailable } from '#libs/core/errors.js';
import type { Gateway } from '#libs/gateway/gateway-port.js';
import { createGabungan } from '#libs/gabungan/drivers/create.js';
import { recordCharset, recordSeen, setGabunganState } from '#libs/gabungan/gabungan.service.js';
import { buildRelease, checkGabungan, makeGabungan } from '#libs/provisioning/recipes/part.recipes.js';
import { ReleasesService } from '#libs/releases/releases.service.js';
import { Github } from '#libs/releases/github.js';
import { walk } from '#libs/runs/engine.js';
import type { Journal } from '#libs/runs/journal.js';
import type { ClaimedRun } from '#libs/runs/lease.js';
import type { App } from '#libs/templates/manifest.js';
import type { Workshop } from './tools.js';
import { waysTo } from './ways.js';

type Apps = ReadonlyMap<string, App>;
const MAXIMUM_FILES = 100_000;

export async function carryRelease(workshop: Workshop, apps: Apps, run: ClaimedRun, journal: Journal): Promise<void> {
  const { db, config } = workshop;
  const app = apps.get(run.app ?? '');
  if (!app) throw new InvalidInput('app-unknown', { app: run.app ?? '' });
  const releases = new ReleasesService(db, apps, config, new Github(db, config.githubApi, config.githubToken));
  const serverId = String(run.input.serverId);
  const { docker, berth } = await workshop.server(serverId);
  const release = await releases.findById(run.subjectId);
  const hear = (line: string): void => void journal.say('info', line).catch(() => undefined);
  // A server over SSH has nothing to build on but what came from us.
  const tooling = app.build.composer === 'install' ? [names.composerImage(release.php)] : [];
  await workshop.stock.equip(serverId, berth, [names.baseImage(release.php), ...tooling], hear);
  // A folder of this claim alone: a worker that lost the run may still be unpacking into its own.
  const work = join(config.dataFolder, 'work', run.runId);
  const tools = {
    docker,
    releases,
    workFolder: join(work, String(run.fence)),
    limits: { bytes: config.maximumArchiveBytes, files: MAXIMUM_FILES },
    pruning: workshop.stock.pruningOf(serverId),
    composerFolder: join(config.dataFolder, 'composer'),
    say: journal.say,
  };
  const target = { app, release };
  const askServer = (): Promise<unknown> => workshop.awake(serverId);
  await walk({ recipe: buildRelease, target, tools, journal, undoing: run.state === 'undoing', askServer });
  await rm(work, { recursive: true, force: true });
}

/** The one that lives in merged databases. */
export function gabunganApp(apps: Apps): App {
  const app = [...apps.values()].find(({ database }) => database === 'gabungan');
  if (!app) throw new InvalidInput('app-unknown', { app: 'gabungan' });
  return app;
}

/** What every run on a gabungan itself is given. */
export const gabunganTools = async (workshop: Workshop, id: string, journal: Journal) => ({
  gabungan: await workshop.openGabungan(id),
  record: (state: 'creating' | 'running' | 'absent') => setGabunganState(workshop.db, id, state),
  recordSeen: (seen: Parameters<typeof recordSeen>[2]) => recordSeen(workshop.db, id, seen),
  say: journal.say,
});

/** On a full disk MariaDB would start again and again, and nobody would know why. */
async function assertRoom({ config }: Workshop, gateway: Gateway): Promise<void> {
  const freeBytes = await gateway.freeBytes();
  if (freeBytes < config.minimumFreeBytes) throw new Unavailable('disk-full', { freeBytes });
}

export async function carryGabungan(workshop: Workshop, apps: Apps, run: ClaimedRun, journal: Journal): Promise<void> {
  const { db } = workshop;
  const id = run.subjectId;
  const app = gabunganApp(apps);
  const { address, serverId } = await workshop.addressOf(id);
  const { docker, gateway } = await workshop.server(serverId);
  // What a new release wants; the first registration shapes it anew if its release is older.
  const { charset = 'utf8mb4', collation = 'utf8mb4_general_ci' } = app.collations.at(-1) ?? {};
  const target = { id, address, charset, collation, app };
  const tools = {
    ...(await gabunganTools(workshop, id, journal)),
    ways: () => waysTo(workshop, id, address.name),
    create: async () => {
      await assertRoom(workshop, gateway);
      await createGabungan(docker, address, { charset, collation });
      await gateway.joinNetwork(workshop.networkOf(address.name));
      await recordCharset(db, id, charset, collation);
    },
  };
  const isNew = run.verb === 'create';
  await walk({
    ...{ recipe: isNew ? makeGabungan : checkGabungan, target, tools, journal, undoing: run.state === 'undoing' },
    ...{ awayFails: !isNew, askServer: () => workshop.awake(serverId) },
  });
}

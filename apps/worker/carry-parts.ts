import { join } from 'node:path';
import { InvalidInput, NotFound } from '#libs/core/errors.js';
import { createGabungan } from '#libs/gabungan/drivers/create.js';
import { recordCharset, recordSeen, setGabunganState } from '#libs/gabungan/gabungan.service.js';
import { buildRelease, checkGabungan, lookAtServer, makeGabungan } from '#libs/provisioning/recipes/part.recipes.js';
import { ReleasesService } from '#libs/releases/releases.service.js';
import { Github } from '#libs/releases/github.js';
import { walk } from '#libs/runs/engine.js';
import type { Journal } from '#libs/runs/journal.js';
import type { ClaimedRun } from '#libs/runs/lease.js';
import type { App } from '#libs/templates/manifest.js';
import type { Workshop } from './tools.js';

type Apps = ReadonlyMap<string, App>;
const MAXIMUM_FILES = 100_000;

export async function carryRelease(workshop: Workshop, apps: Apps, run: ClaimedRun, journal: Journal): Promise<void> {
  const { db, config } = workshop;
  const app = apps.get(run.app ?? '');
  if (!app) throw new InvalidInput('app-unknown', { app: run.app ?? '' });
  const releases = new ReleasesService(db, apps, config, new Github(db, config.githubApi, config.githubToken));
  const { docker } = await workshop.server(String(run.input.serverId));
  const tools = {
    docker,
    releases,
    workFolder: join(config.dataFolder, 'work', run.runId),
    limits: { bytes: config.maximumArchiveBytes, files: MAXIMUM_FILES },
    say: journal.say,
  };
  const target = { app, release: await releases.findById(run.subjectId) };
  await walk({ recipe: buildRelease, target, tools, journal, undoing: run.state === 'undoing' });
}

export async function carryGabungan(workshop: Workshop, apps: Apps, run: ClaimedRun, journal: Journal): Promise<void> {
  const { db } = workshop;
  const id = run.subjectId;
  const app = [...apps.values()].find(({ database }) => database === 'gabungan');
  if (!app) throw new InvalidInput('app-unknown', { app: 'gabungan' });
  if (run.verb === 'create') await workshop.forgetGabungan(id);
  const { address, serverId } = await workshop.addressOf(id);
  const { docker, gateway } = await workshop.server(serverId);
  // What a new release wants; the first registration shapes it anew if its release is older.
  const { charset = 'utf8mb4', collation = 'utf8mb4_general_ci' } = app.collations.at(-1) ?? {};
  const target = { id, address, charset, collation, app };
  const tools = {
    gabungan: await workshop.openGabungan(id),
    create: async () => {
      await createGabungan(docker, address, { charset, collation });
      await gateway.joinNetwork(workshop.networkOf(address.name));
      await recordCharset(db, id, charset, collation);
    },
    record: (state: 'creating' | 'running' | 'absent') => setGabunganState(db, id, state),
    recordSeen: (seen: Parameters<typeof recordSeen>[2]) => recordSeen(db, id, seen),
    say: journal.say,
  };
  const recipe = run.verb === 'create' ? makeGabungan : checkGabungan;
  await walk({ recipe, target, tools, journal, undoing: run.state === 'undoing' });
}

export async function carryServer(workshop: Workshop, run: ClaimedRun, journal: Journal): Promise<void> {
  const { db } = workshop;
  const [server] = (await db.query('SELECT id, name FROM server WHERE id = $1', [run.subjectId])) as {
    id: string;
    name: string;
  }[];
  if (!server) throw new NotFound('server-unknown', { name: run.subjectId });
  const tools = {
    docker: () => workshop.awake(server.id),
    room: async () => (await workshop.server(server.id)).gateway.room(),
    record: async ({ facts, problem }: { facts?: Record<string, unknown>; problem?: string }) =>
      void (await db.query(
        'UPDATE server SET facts = COALESCE($2, facts), problem = $3, checked_at = now() WHERE id = $1',
        [server.id, facts ? JSON.stringify(facts) : null, problem ?? null],
      )),
  };
  await walk({ recipe: lookAtServer, target: server, tools, journal, undoing: run.state === 'undoing' });
}

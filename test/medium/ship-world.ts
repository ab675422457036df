import { createCipheriv } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as names from '#libs/catalog/names.js';
import type { LogLine, RunWithSteps } from '#libs/contract/contract.js';
import { openArchive } from '#libs/releases/archive.js';
import { buildRelease } from '#libs/releases/build.js';
import { Github } from '#libs/releases/github.js';
import { ReleasesService, type ReleaseRow } from '#libs/releases/releases.service.js';
import { RunsService } from '#libs/runs/runs.service.js';
import type { Docker } from '#libs/servers/docker.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import { readApps } from '#libs/templates/read-app.js';
import { authorize, type Fleet, type FleetServer } from '#test/fleet/fleet.js';
import { makeRelease } from '#test/fixtures/apps/opensid-contoh/make-release.js';
import { openSshWorld, type SshWorld } from './ssh-world.js';

const LIMITS = { bytes: 2 ** 30, files: 10_000 };
const ALL = { kabupatenIds: 'all' as const };
const HELPER = 'donjo-app/helpers/opensid_helper.php';

/** Bytes that no compression makes smaller, the same at every run. */
export const noise = (bytes: number, seed: number): Buffer =>
  createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16)).update(Buffer.alloc(bytes));

/** Releases under versions of this test alone, built on this machine. */
export interface ShipWorld extends SshWorld {
  here: Docker;
  /** Of the stand-in, under another version and with more files. */
  build(version: string, more: Record<string, string | Buffer>): Promise<ReleaseRow>;
  ship(release: ReleaseRow, server: FleetServer): Promise<string>;
  log(runId: string): Promise<LogLine[]>;
  enrol(server: FleetServer): Promise<RunWithSteps>;
}

export async function openShipWorld(): Promise<ShipWorld> {
  const world = await openSshWorld();
  const folder = await mkdtemp(join(tmpdir(), 'ship-'));
  const here = connectEngine('unix:/var/run/docker.sock');
  const apps = readApps('templates');
  const app = apps.get('opensid')!;
  const place = { dataFolder: join(folder, 'data'), maximumArchiveBytes: LIMITS.bytes };
  const releases = new ReleasesService(world.db, apps, place, new Github(world.db, 'http://127.0.0.1:1'));
  const built: ReleaseRow[] = [];

  const build: ShipWorld['build'] = async (version, more) => {
    const archive = await makeRelease('v2601.0.0', join(folder, 'made'));
    const { tree } = await openArchive(archive, join(folder, version), LIMITS);
    const helper = await readFile(join(tree, HELPER), 'utf8');
    await writeFile(join(tree, HELPER), helper.replace("'2601.0.0'", `'${version.slice(1)}'`));
    for (const [path, content] of Object.entries(more)) await writeFile(join(tree, path), content);
    const release = await releases.add({ app: app.app, path: tree });
    const kept = await openArchive(release.archivePath, join(folder, `${version}-kept`), LIMITS);
    await releases.markBuilt(release.id, await buildRelease({ docker: here, app, release, tree: kept.tree }), '');
    built.push(await releases.findById(release.id));
    return built.at(-1)!;
  };
  return {
    ...world,
    here,
    build,
    ship: async ({ id: releaseId }, { name }) => {
      const { id } = await world.show(name);
      return world.ask('ship', { kind: 'server', id }, { releaseId });
    },
    log: (runId) => new RunsService(world.db, { ring: async () => {} }).log(ALL, runId),
    enrol: async (server) => {
      await world.add(server);
      await world.run('check', server.name);
      await world.trust(server.name);
      await authorize(server.name, (await world.show(server.name)).ssh!.publicLine!);
      return world.run('enrol', server.name);
    },
    close: async () => {
      const images = built.map(({ image }) => image!);
      await world.workshop.stock.registry.forget(images).catch(() => undefined);
      for (const image of images) await here.removeImage(image);
      await world.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** From here on the server reaches nothing but its own network. */
export async function withoutInternet(fleet: Fleet, server: FleetServer): Promise<void> {
  await fleet.inside(server, ['ip', 'route', 'del', 'default']);
}

/** All that ever came in over its network. */
export const receivedBytes = async (fleet: Fleet, server: FleetServer): Promise<number> =>
  Number((await fleet.inside(server, ['cat', '/sys/class/net/eth0/statistics/rx_bytes'])).stdout);

export const ours = (): string[] => names.serverImages();

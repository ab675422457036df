import { randomBytes } from 'node:crypto';
import { appendFile, chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Dockerode from 'dockerode';
import type { DataSource } from 'typeorm';
import { openDatabase } from '#libs/database/database.js';
import { startPostgres, type EmbeddedPostgres } from '#libs/database/embedded.js';
import { buildImage, type ReleaseTools } from '#libs/provisioning/steps/build-image.step.js';
import { openArchive } from '#libs/releases/archive.js';
import { playGithub, type FakeGithub } from '#test/fakes/fake-github.js';
import { Github } from '#libs/releases/github.js';
import { ReleasesService, type ReleaseRow } from '#libs/releases/releases.service.js';
import { hashFile } from '#libs/releases/tree.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import type { App } from '#libs/templates/manifest.js';
import { readApps } from '#libs/templates/read-app.js';
import { makeRelease } from '#test/fixtures/apps/opensid-contoh/make-release.js';

/** Under a name of its own, so that no image of anybody else is touched. */
const APP = `uji-${randomBytes(3).toString('hex')}`;
const REPOSITORY = 'contoh/rilis';
const app: App = { ...readApps('templates').get('opensid')!, app: APP, github: { repository: REPOSITORY } };
const LIMITS = { bytes: 64 * 2 ** 20, files: 10_000 };
const PATIENCE = 120_000;
const patiently = (name: string, act: () => Promise<void>): void => it(name, act, PATIENCE);
const engine = new Dockerode({ socketPath: '/var/run/docker.sock' });
const docker = connectEngine('unix:/var/run/docker.sock');

let folder: string;
let archives: string;
let postgres: EmbeddedPostgres;
let db: DataSource;
let played: FakeGithub;
let releases: ReleasesService;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siappakai-release-'));
  await chmod(folder, 0o711);
  archives = join(folder, 'data/archives');
  postgres = await startPostgres({ folder });
  db = await openDatabase(postgres.url);
  played = await playGithub(REPOSITORY);
  const place = { dataFolder: join(folder, 'data'), maximumArchiveBytes: LIMITS.bytes };
  releases = new ReleasesService(db, new Map([[APP, app]]), place, new Github(db, played.api.url));
}, PATIENCE);
afterAll(async () => {
  const made = await engine.listImages({ filters: { label: [`siappakai.app=${APP}`] } });
  for (const { Id } of made) await docker.removeImage(Id);
  await played?.close();
  await db?.destroy();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
}, PATIENCE);
afterEach(async () => void (await db.query('DELETE FROM release')));

const packed = (version: string): Promise<string> => makeRelease(version, join(folder, 'made'));
const add = (path: string): Promise<ReleaseRow> => releases.add({ app: APP, path });

/** A release as a folder whose content a test may change. */
const unpacked = async (version: string, to: string): Promise<string> =>
  (await openArchive(await packed(version), join(folder, to), LIMITS)).tree;

async function build(release: ReleaseRow): Promise<{ said: string[]; plan: string[] }> {
  const said: string[] = [];
  const say: ReleaseTools['say'] = async (_level, line) => void said.push(line);
  const tools = { docker, releases, limits: LIMITS, workFolder: join(folder, 'work'), composerFolder: folder, say };
  const target = { app, release };
  const { says, before } = await buildImage.plan(target, tools);
  await buildImage.run(target, tools, before);
  await buildImage.verify(target, tools);
  return { said, plan: says };
}
const builtFrom = async (path: string): Promise<ReleaseRow> => {
  await build(await add(path));
  return add(path);
};
const layersIn = async (reference: string): Promise<string[]> =>
  (await engine.getImage(reference).inspect()).RootFS.Layers ?? [];
/** Layers above the base image: vendor, assets, resources, the rest. */
const ownLayers = async ({ imageId }: ReleaseRow): Promise<string[]> =>
  (await layersIn(imageId!)).slice((await layersIn('siappakai/php:8.2')).length);

describe('adding', () => {
  patiently('keeps the very bytes, named by their sha256; the same again is the same release', async () => {
    const path = await packed('v2602.0.0');
    const [one, other] = await Promise.all([add(path), add(path)]);
    expect(other).toEqual(one);
    expect(one).toMatchObject({ version: 'v2602.0.0', databaseVersion: '2026020101', minimumVersion: 'v2508.0.0' });
    expect(one).toMatchObject({ sha256: await hashFile(path), archivePath: join(archives, `${one.sha256}.tar.gz`) });
    expect(await hashFile(one.archivePath)).toBe(one.sha256);
    expect(await readdir(archives)).toEqual([`${one.sha256}.tar.gz`]);
  });

  patiently('refuses the same version with other bytes, and keeps nothing of them', async () => {
    const first = await add(await packed('v2602.0.0'));
    const before = await readdir(archives);
    const other = await unpacked('v2602.0.0', 'other-bytes');
    await appendFile(join(other, 'index.php'), '// lain\n');
    const problem = { code: 'release-content-differs', data: { app: APP, version: 'v2602.0.0' } };
    await expect(add(other)).rejects.toMatchObject(problem);
    expect(await readdir(archives)).toEqual(before);
    expect(await releases.find(APP, 'v2602.0.0')).toEqual(first);
  });

  patiently('from GitHub asks a second time only whether something changed', async () => {
    played.offer('latest', 'v2602.0.1', await readFile(await packed('v2602.0.1')), { etag: '"satu"' });
    const first = await releases.add({ app: APP, github: 'latest' });
    expect(first).toMatchObject({ version: 'v2602.0.1', source: `github:${REPOSITORY}@v2602.0.1` });
    expect(await releases.add({ app: APP, github: 'latest' })).toEqual(first);
    const asked = played.api.heard.filter(({ path }) => path.endsWith('/latest'));
    expect(asked.map(({ etag }) => etag)).toEqual([undefined, '"satu"']);
  });

  it('from GitHub that is cut midway keeps nothing', async () => {
    const before = await readdir(archives);
    played.offer(
      'v2410.0.0',
      'v2410.0.0',
      (_request, response) => void response.write('half', () => response.destroy()),
    );
    const cut = { code: 'github-download-cut' };
    await expect(releases.add({ app: APP, github: 'v2410.0.0' })).rejects.toMatchObject(cut);
    expect(await readdir(archives)).toEqual(before);
  });
});

describe('building', () => {
  patiently('makes one image, tells how far it is, and keeps the log', async () => {
    const release = await add(await packed('v2602.0.0'));
    const { said, plan } = await build(release);
    const built = await releases.findById(release.id);
    expect(plan).toEqual(['build OpenSID v2602.0.0 for PHP 8.2']);
    expect(built).toMatchObject({ state: 'built', imageId: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
    expect((await engine.getImage(built.image!).inspect()).Id).toBe(built.imageId);
    expect(said).toEqual(expect.arrayContaining([expect.stringMatching(/^Step 5\/\d+ : ADD layers\/3\.tar/)]));
    expect(await releases.buildLog(APP, 'v2602.0.0')).toBe(said.join('\n'));
  });

  patiently('the same again has nothing to do, and done anyway gives the same image', async () => {
    const release = await builtFrom(await packed('v2602.0.0'));
    const { said, plan } = await build(release);
    expect(plan).toEqual([]);
    expect(said).toEqual([]);
    expect(await releases.findById(release.id)).toMatchObject({ imageId: release.imageId });
  });

  patiently('gives the same layers again after the image was removed', async () => {
    const release = await builtFrom(await packed('v2602.0.0'));
    const layers = await ownLayers(release);
    await docker.removeImage(release.image!);
    await build(release);
    expect(await ownLayers(await releases.findById(release.id))).toEqual(layers);
  });

  patiently('two releases that differ in code alone differ in the last layer alone', async () => {
    const one = await ownLayers(await builtFrom(await packed('v2602.0.0')));
    const other = await ownLayers(await builtFrom(await packed('v2602.0.1')));
    expect(one).toHaveLength(app.build.layers.length + 1);
    expect(other.slice(0, -1)).toEqual(one.slice(0, -1));
    expect(other.at(-1)).not.toBe(one.at(-1));
  });

  patiently('a changed vendor resends vendor, not the folders after it', async () => {
    const one = await ownLayers(await builtFrom(await packed('v2602.0.0')));
    const changed = await unpacked('v2602.0.0', 'changed-vendor');
    await appendFile(join(changed, 'vendor/contoh/berkas-1.php'), '// baru\n');
    const helper = join(changed, 'donjo-app/helpers/opensid_helper.php');
    await writeFile(helper, (await readFile(helper, 'utf8')).replace('2602.0.0', '2602.0.9'));
    const other = await ownLayers(await builtFrom(changed));
    expect(other.map((layer, at) => layer === one[at])).toEqual([false, true, true, false]);
  });

  patiently('from an archive that was changed on the disk fails and says so; adding it again mends it', async () => {
    const path = await packed('v2601.0.0');
    const release = await add(path);
    await writeFile(release.archivePath, await readFile(await packed('v2602.0.0')));
    await expect(build(release)).rejects.toMatchObject({ code: 'archive-changed' });
    expect(await releases.findById(release.id)).toMatchObject({
      state: 'failed',
      problem: { code: 'archive-changed' },
    });
    expect(await builtFrom(path)).toMatchObject({ id: release.id, state: 'built', problem: null });
  });
});

describe('the code in an image', () => {
  const name = `${APP}-look`;
  const run = async (argv: string[], user?: string): Promise<string[]> =>
    (await docker.exec(name, argv, { user })).stdout.split('\n').filter(Boolean);
  beforeAll(async () => {
    const { image } = await builtFrom(await packed('v2602.0.0'));
    await docker.create({ name, image: image!, entrypoint: ['sleep'], argv: ['600'] });
    await docker.start(name);
  }, PATIENCE);
  afterAll(() => docker.remove(name));

  patiently('belongs to root and is writable by nobody else', async () => {
    const tree = '/var/www/html';
    expect((await run(['find', tree, '-type', 'f', '-user', 'root'])).length).toBeGreaterThan(300);
    expect(await run(['find', tree, '(', '!', '-user', 'root', '-o', '!', '-group', 'root', ')'])).toEqual([]);
    expect(await run(['find', tree, '!', '-type', 'l', '-perm', '/022'])).toEqual([]);
    expect(await docker.exec(name, ['touch', `${tree}/index.php`], { user: '20001' })).toMatchObject({ code: 1 });
    expect(await docker.exec(name, ['cat', `${tree}/index.php`], { user: '20001' })).toMatchObject({ code: 0 });
  });

  patiently('is the tree of the archive, what it would create itself, and nothing of the build', async () => {
    const archived = await readdir(await unpacked('v2602.0.0', 'as-archived'));
    expect((await run(['ls', '-A', '/var/www/html'])).sort()).toEqual(archived.sort());
    for (const path of [...app.build.folders, ...app.build.files])
      expect(await run(['find', `/var/www/html/${path}`, '-maxdepth', '0', '-empty'])).toHaveLength(1);
    expect(await run(['find', '/var/www/html', '-name', '*.tar'])).toEqual([]);
  });
});

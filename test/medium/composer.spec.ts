import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Dockerode from 'dockerode';
import type { DataSource } from 'typeorm';
import * as names from '#libs/catalog/names.js';
import { openDatabase } from '#libs/database/database.js';
import { startPostgres, type EmbeddedPostgres } from '#libs/database/embedded.js';
import { buildImage, type ReleaseTools } from '#libs/provisioning/steps/build-image.step.js';
import { Github } from '#libs/releases/github.js';
import { ReleasesService, type ReleaseRow } from '#libs/releases/releases.service.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import type { App } from '#libs/templates/manifest.js';
import { readApp } from '#libs/templates/read-app.js';
import { editJson, makeAdditions, makeRelease, tagSatu } from '#test/fixtures/apps/composer-contoh/make-release.js';

/** Under a name of its own, so that no image of anybody else is touched. */
const APP = `uji-${randomBytes(3).toString('hex')}`;
const app: App = { ...readApp('test/fixtures/apps/composer-contoh'), app: APP };
const LIMITS = { bytes: 64 * 2 ** 20, files: 10_000 };
const PATIENCE = 240_000;
const TOKEN = `emas-${randomBytes(8).toString('hex')}`;
const patiently = (name: string, act: () => Promise<void>): void => it(name, act, PATIENCE);
const engine = new Dockerode({ socketPath: '/var/run/docker.sock' });
const docker = connectEngine('unix:/var/run/docker.sock');

let folder: string;
let postgres: EmbeddedPostgres;
let db: DataSource;
let releases: ReleasesService;
let additions: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siappakai-composer-'));
  await chmod(folder, 0o711);
  postgres = await startPostgres({ folder });
  db = await openDatabase(postgres.url);
  const place = { dataFolder: join(folder, 'data'), maximumArchiveBytes: LIMITS.bytes };
  releases = new ReleasesService(db, new Map([[APP, app]]), place, new Github(db, 'http://127.0.0.1:1'));
  additions = await makeAdditions(join(folder, 'composer'));
  const auth = JSON.stringify({ 'github-oauth': { 'github.com': TOKEN } });
  await writeFile(join(additions, 'auth.json'), auth, { mode: 0o600 });
}, PATIENCE);
afterAll(async () => {
  const made = await engine.listImages({ filters: { label: [`siappakai.app=${APP}`] } });
  for (const { Id } of made) await docker.removeImage(Id);
  await db?.destroy();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
}, PATIENCE);
afterEach(async () => void (await db.query('DELETE FROM release')));

let made = 0;
/** A release as a folder, whose content a test may change. */
const laidOut = (version: string): Promise<string> => makeRelease(version, join(folder, `release-${(made += 1)}`));
const add = (path: string): Promise<ReleaseRow> => releases.add({ app: APP, path });

async function build({ id }: ReleaseRow): Promise<{ release: ReleaseRow; said: string[] }> {
  const said: string[] = [];
  const say: ReleaseTools['say'] = async (_level, line) => void said.push(line);
  const workFolder = join(folder, 'work');
  const tools = { docker, releases, limits: LIMITS, workFolder, composerFolder: additions, say };
  const target = { app, release: await releases.findById(id) };
  const { before } = await buildImage.plan(target, tools);
  await buildImage.run(target, tools, before);
  await buildImage.verify(target, tools);
  return { release: await releases.findById(id), said };
}
const built = async (path: string): Promise<{ release: ReleaseRow; said: string[] }> => build(await add(path));

const layersIn = async (reference: string): Promise<string[]> =>
  (await engine.getImage(reference).inspect()).RootFS.Layers ?? [];
const ownLayers = async ({ imageId }: ReleaseRow): Promise<string[]> =>
  (await layersIn(imageId!)).slice((await layersIn(names.baseImage('8.2'))).length);

/** Runs argv in a throw-away container of an image, as nobody; answers what it prints. */
async function inside({ image }: ReleaseRow, argv: string[]): Promise<string> {
  const name = `${APP}-look`;
  await docker.create({ name, image: image!, entrypoint: ['sleep'], argv: ['600'] });
  try {
    await docker.start(name);
    return (await docker.exec(name, argv, { user: '20001' })).stdout.trim();
  } finally {
    await docker.remove(name);
  }
}

/** What a build could leave behind. */
const leftovers = async ({ id }: ReleaseRow): Promise<unknown> => ({
  containers: (await docker.containers({ 'siappakai.kind': 'build' })).filter(({ name }) => name.includes(id)),
  images: await engine.listImages({ filters: { label: [`siappakai.app=${APP}`] } }),
  volumes: (await docker.volumes({ 'siappakai.kind': 'build' })).filter((name) => name !== names.composerCache()),
});

describe('a release that comes as source, without a lock', () => {
  patiently('is built with the packages of the operator, and what it makes itself is in the image', async () => {
    const { release, said } = await built(await laidOut('v2601.0.0'));
    expect(await inside(release, ['php', 'artisan', 'halo'])).toBe('halo dari satu lewat dua');
    expect(await inside(release, ['cat', 'public/storage/isi.txt'])).toBe('isi');
    expect(await inside(release, ['readlink', 'public/storage'])).toBe('../storage/app/public');
    expect(await inside(release, ['ls', 'bootstrap/cache'])).toBe('dunia.json\npackages.php');
    expect(await inside(release, ['find', '.', '-name', 'Ubah*', '-o', '-name', '.git'])).toBe('');
    expect(await inside(release, ['find', '.', '!', '-user', 'root', '-o', '!', '-perm', '-004'])).toBe('');
    expect(said).toContain('ended with 1; all that it makes is there');
  });

  patiently('runs its own code without network, without token, and cannot write the cache of others', async () => {
    const { release } = await built(await laidOut('v2601.0.1'));
    expect(JSON.parse(await inside(release, ['cat', 'bootstrap/cache/dunia.json']))).toEqual({
      uid: 10002,
      jaringan: ['lo'],
      tembolokTertutup: true,
      kunci: false,
    });
  });

  patiently('keeps its lock, so that a later build is the same though newer packages came', async () => {
    const path = await laidOut('v2601.0.2');
    const { release } = await built(path);
    const layers = await ownLayers(release);
    expect(JSON.parse((await releases.composerLock(release.id))!)).toMatchObject({
      packages: [
        { name: 'contoh/dua', version: '1.2.0' },
        { name: 'contoh/satu', version: 'v1.0.0' },
      ],
      'packages-dev': [],
    });
    await tagSatu(additions, `v1.${made}.0`);
    const again = await build(release);
    expect(again.release.imageId).toBe(release.imageId);
    expect(again.said).toEqual([]);
    await docker.removeImage(release.image!);
    expect(await ownLayers((await build(release)).release)).toEqual(layers);
  });

  patiently(
    'puts its packages into a layer of their own: a release with the same ones does not resend them',
    async () => {
      const one = (await built(await laidOut('v2601.0.3'))).release;
      const next = await laidOut('v2601.0.4');
      await writeFile(join(next, 'composer.lock'), (await releases.composerLock(one.id))!);
      const other = (await built(next)).release;
      expect((await ownLayers(other))[0]).toBe((await ownLayers(one))[0]);
      expect((await ownLayers(other))[1]).not.toBe((await ownLayers(one))[1]);
    },
  );
});

const wantMore = (path: string, more: Record<string, string>): Promise<void> =>
  editJson(join(path, 'composer.json'), (read) => ({ ...read, require: { ...(read['require'] as object), ...more } }));

describe('a build that misses packages', () => {
  patiently('without a lock names all of them at once and leaves nothing', async () => {
    const path = await laidOut('v2601.1.0');
    await wantMore(path, { 'contoh/tiada': '^2.0', 'contoh/hilang': '1.*' });
    const release = await add(path);
    const before = await leftovers(release);
    await expect(build(release)).rejects.toMatchObject({
      code: 'composer-packages-missing',
      data: { packages: ['contoh/hilang 1.*', 'contoh/tiada ^2.0'] },
    });
    expect(await leftovers(release)).toEqual(before);
    expect(await releases.findById(release.id)).toMatchObject({ state: 'failed', image: null });
    expect(await releases.composerLock(release.id)).toBeNull();
  });

  patiently('of a lock names all of them at once and leaves nothing', async () => {
    const path = await laidOut('v2601.1.1');
    const lost = (name: string): unknown => ({
      ...{ name, version: 'v2.0.0', type: 'library' },
      dist: { type: 'zip', url: `https://paket.invalid/${name}.zip`, reference: 'a', shasum: '' },
    });
    await writeFile(
      join(path, 'composer.lock'),
      JSON.stringify({ packages: ['contoh/hilang', 'contoh/tiada', 'contoh/dua'].map(lost), 'packages-dev': [] }),
    );
    const release = await add(path);
    const before = await leftovers(release);
    await expect(build(release)).rejects.toMatchObject({
      code: 'composer-packages-missing',
      data: { packages: ['contoh/dua v2.0.0', 'contoh/hilang v2.0.0', 'contoh/tiada v2.0.0'] },
    });
    expect(await leftovers(release)).toEqual(before);
  });

  patiently('for an extension that this PHP lacks says which, and who wants it', async () => {
    const path = await laidOut('v2601.1.2');
    const { release } = await built(await laidOut('v2601.1.3'));
    const lock = JSON.parse((await releases.composerLock(release.id))!) as { packages: { require: object }[] };
    lock.packages[0]!.require = { ...lock.packages[0]!.require, 'ext-langka': '*' };
    await writeFile(join(path, 'composer.lock'), JSON.stringify(lock));
    await expect(built(path)).rejects.toMatchObject({
      code: 'composer-extensions-missing',
      data: { extensions: ['ext-langka (contoh/dua)'] },
    });
  });
});

describe('PHP', () => {
  patiently('that no package of the lock runs on is refused when the release is added', async () => {
    const path = await laidOut('v2601.2.0');
    const lock = { packages: [{ name: 'contoh/zip', version: '3.2.1', require: { php: '>=8.5' } }] };
    await writeFile(join(path, 'composer.lock'), JSON.stringify(lock));
    await expect(add(path)).rejects.toMatchObject({
      code: 'composer-php-mismatch',
      data: { php: '8.2, 8.4', packages: ['contoh/zip 3.2.1 (php >=8.5)'] },
    });
  });

  patiently('is the line that the lock demands, where app.yaml allows it', async () => {
    const path = await laidOut('v2601.2.1');
    const lock = { packages: [{ name: 'contoh/zip', version: '3.2.1', require: { php: '>=8.3' } }] };
    await writeFile(join(path, 'composer.lock'), JSON.stringify(lock));
    expect(await add(path)).toMatchObject({ php: '8.4' });
  });
});

describe('an archive that carries vendor', () => {
  const withVendor = async (version: string, packages: unknown[], lock: unknown[]): Promise<string> => {
    const path = await laidOut(version);
    await mkdir(join(path, 'vendor/composer'), { recursive: true });
    await writeFile(join(path, 'vendor/autoload.php'), '<?php\n');
    await writeFile(join(path, 'vendor/composer/installed.json'), JSON.stringify({ packages }));
    await writeFile(join(path, 'composer.lock'), JSON.stringify({ packages: lock }));
    return path;
  };
  const [satu, dua] = [
    { name: 'contoh/satu', version: 'v1.0.0' },
    { name: 'contoh/dua', version: '1.2.0' },
  ];

  patiently('is built without composer, and what differs from its lock is told', async () => {
    const packages = [satu, { ...dua, version: '1.1.0' }];
    const { release, said } = await built(await withVendor('v2601.3.0', packages, [satu, dua]));
    expect(said).toContain('vendor differs from composer.lock: contoh/dua 1.2.0 (vendor: 1.1.0)');
    expect(await inside(release, ['cat', 'vendor/autoload.php'])).toBe('<?php');
    expect(await inside(release, ['ls', 'bootstrap/cache'])).toBe('dunia.json\npackages.php');
  });

  patiently('is refused with all that its lock demands and it lacks', async () => {
    await expect(built(await withVendor('v2601.3.1', [], [satu, dua]))).rejects.toMatchObject({
      code: 'composer-vendor-incomplete',
      data: { packages: ['contoh/satu v1.0.0', 'contoh/dua 1.2.0'] },
    });
  });
});

describe('a hook', () => {
  patiently('that does not write what it makes fails the build, also when the release brings such a file', async () => {
    const path = await laidOut('v2601.4.0');
    await mkdir(join(path, 'bootstrap/cache'), { recursive: true });
    await writeFile(join(path, 'bootstrap/cache/packages.php'), '<?php // stale\n');
    await writeFile(join(path, 'artisan'), '<?php exit(0);\n');
    const release = await add(path);
    const before = await leftovers(release);
    await expect(build(release)).rejects.toMatchObject({
      code: 'build-hook-failed',
      data: { exit: 0, missing: 'bootstrap/cache/packages.php, bootstrap/cache/dunia.json' },
    });
    expect(await leftovers(release)).toEqual(before);
  });
});

describe("the operator's token", () => {
  patiently('stands in no image, no log and no error', async () => {
    const path = await laidOut('v2601.5.0');
    const { release, said } = await built(path);
    const image = engine.getImage(release.image!);
    const seen = JSON.stringify([await image.history(), await image.inspect(), said, await releases.list()]);
    expect(seen + (await releases.buildLog(APP, release.version))).not.toContain(TOKEN);
    expect(await inside(release, ['grep', '-rl', TOKEN, '/var/www/html', '/tmp', '/etc'])).toBe('');
    expect(await readFile(join(additions, 'auth.json'), 'utf8')).toContain(TOKEN);
  });
});

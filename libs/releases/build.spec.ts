import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { extract, type Header } from 'tar-stream';
import { Unavailable } from '#libs/core/errors.js';
import type { Docker } from '#libs/servers/docker.js';
import { readApps } from '#libs/templates/read-app.js';
import { buildRelease, type BuildWish } from './build.js';

const opensid = readApps('templates').get('opensid')!;
const app = { ...opensid, build: { ...opensid.build, layers: ['vendor', 'assets'], remove: ['.github'] } };
const RELEASE = { version: 'v2410.0.0', sha256: 'a'.repeat(64), php: '8.2' };

interface FakeEngine extends Pick<Docker, 'image' | 'build'> {
  images: Map<string, { id: string; sizeBytes: number; labels: Record<string, string> }>;
  /** The files of every context that was built: name -> bytes. */
  built: Map<string, Buffer>[];
}

/** An engine that keeps what it was given to build, and names images by counting. */
function fakeEngine(): FakeEngine {
  const images: FakeEngine['images'] = new Map([['siappakai/php:8.2', { id: 'base', sizeBytes: 0, labels: {} }]]);
  const built: FakeEngine['built'] = [];
  return {
    images,
    built,
    image: async (reference) => images.get(reference),
    async build(context, { tag, labels = {}, onLine }) {
      built.push(new Map((await readTar(context)).map(({ header, content }) => [header.name, content])));
      onLine?.('Step 1/4');
      images.set(tag, { id: `image-${built.length}`, sizeBytes: 0, labels });
      return `image-${built.length}`;
    },
  };
}

async function readTar(tar: Readable): Promise<{ header: Header; content: Buffer }[]> {
  const [reader, found]: [ReturnType<typeof extract>, { header: Header; content: Buffer }[]] = [extract(), []];
  tar.pipe(reader as unknown as NodeJS.WritableStream);
  for await (const entry of reader) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    found.push({ header: entry.header, content: Buffer.concat(parts) });
  }
  return found;
}

let tree: string;
let engine: FakeEngine;
beforeEach(async () => {
  engine = fakeEngine();
  tree = await mkdtemp(join(tmpdir(), 'siappakai-build-'));
  for (const folder of ['vendor', '.github']) await mkdir(join(tree, folder));
  await writeFile(join(tree, 'vendor/a.php'), 'vendor', { mode: 0o666 });
  await writeFile(join(tree, '.github/x'), 'x');
  await writeFile(join(tree, 'index.php'), 'satu', { mode: 0o777 });
  await symlink('index.php', join(tree, 'l.php'));
});
afterEach(() => rm(tree, { recursive: true, force: true }));

const build = (more: Partial<BuildWish> = {}): ReturnType<typeof buildRelease> =>
  buildRelease({ docker: engine, app, release: RELEASE, tree, ...more });

describe('a build', () => {
  it('of the same archive with the same recipe is skipped', async () => {
    const first = await build();
    expect(first).toEqual({ image: 'siappakai/opensid:v2410.0.0-aaaaaaaaaaaa', imageId: 'image-1', isNew: true });
    expect(await build()).toEqual({ ...first, isNew: false });
    expect(engine.built).toHaveLength(1);
  });

  it.each<[string, () => Partial<BuildWish>]>([
    ['the recipe', () => ({ app: { ...app, build: { ...app.build, remove: [] } } })],
    ['the content', () => ({ release: { ...RELEASE, sha256: `${'a'.repeat(63)}b` } })],
    ['the base image', () => (engine.images.set('siappakai/php:8.2', { id: 'b', sizeBytes: 0, labels: {} }), {})],
  ])('is done again after %s changed', async (_what, change) => {
    await build();
    expect(await build(change())).toMatchObject({ imageId: 'image-2', isNew: true });
  });

  it('makes its tree ready only when it builds, and again when that would give another result', async () => {
    const ran: string[] = [];
    const preparation = (key: string): BuildWish['preparation'] => ({ key, run: async () => void ran.push(key) });
    await build({ preparation: preparation('satu') });
    expect(await build({ preparation: preparation('satu') })).toMatchObject({ isNew: false });
    expect(await build({ preparation: preparation('dua') })).toMatchObject({ isNew: true });
    expect(ran).toEqual(['satu', 'dua']);
  });

  it('packs what making it ready put there', async () => {
    const run = (): Promise<void> => writeFile(join(tree, 'vendor/baru.php'), '<?php');
    await build({ preparation: { key: 'x', run } });
    const vendor = await readTar(Readable.from([engine.built[0]!.get('layers/0.tar')!]));
    expect(vendor.map(({ header }) => header.name)).toContain('var/www/html/vendor/baru.php');
  });

  it('that cannot be made ready builds nothing', async () => {
    const run = (): Promise<void> =>
      Promise.reject(new Unavailable('composer-packages-missing', { packages: ['a/a'] }));
    await expect(build({ preparation: { key: 'x', run } })).rejects.toMatchObject({
      code: 'composer-packages-missing',
    });
    expect(engine.built).toEqual([]);
  });

  it('gives root-owned code that nobody can write, the folders above it too', async () => {
    await build();
    const layers = await Promise.all(
      ['0', '1', '2'].map(async (layer) => readTar(Readable.from([engine.built[0]!.get(`layers/${layer}.tar`)!]))),
    );
    for (const { header } of layers.flat()) {
      expect([header.uid, header.gid, header.mtime?.getTime()]).toEqual([0, 0, 0]);
      expect(header.type === 'symlink' || (header.mode & 0o022) === 0).toBe(true);
    }
    const [vendor, assets, rest] = layers.map((entries) => entries.map(({ header }) => header.name.replace(/\/$/, '')));
    const root = ['var', 'var/www', 'var/www/html'];
    expect(vendor).toEqual([...root, 'var/www/html/vendor', 'var/www/html/vendor/a.php']);
    expect(assets).toEqual(root);
    const made = ['donjo-app', 'donjo-app/Middleware'].map((path) => `var/www/html/${path}`);
    expect(rest).toEqual(expect.arrayContaining([...root, 'var/www/html/index.php', 'var/www/html/l.php', ...made]));
    expect(rest).not.toContain('var/www/html/.github/x');
  });

  it('gives a layer the same bytes as long as nothing in it changed, whenever its files were written', async () => {
    await build();
    await writeFile(join(tree, 'index.php'), 'dua');
    await utimes(join(tree, 'vendor/a.php'), 1, 1);
    await build({ release: { ...RELEASE, sha256: 'b'.repeat(64) } });
    const [one, two] = engine.built.map((context) =>
      ['0', '1', '2'].map((layer) => context.get(`layers/${layer}.tar`)!),
    );
    expect(one!.map((bytes, layer) => bytes.equals(two![layer]!))).toEqual([true, true, false]);
  });

  it('without its base image says which one is missing', () =>
    expect(build({ release: { ...RELEASE, php: '7.4' } })).rejects.toMatchObject({
      code: 'php-image-missing',
      data: { image: 'siappakai/php:7.4' },
    }));

  it('tells its progress', async () => {
    const lines: string[] = [];
    await build({ onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['packing OpenSID v2410.0.0', 'Step 1/4']);
  });

  it('that the engine breaks off fails as the engine said, and packs no further', async () => {
    let context: Readable | undefined;
    const docker = {
      ...engine,
      build: async (given: Readable): Promise<string> => {
        context = given;
        throw new Unavailable('server-unreachable', { server: 'x' });
      },
    };
    await expect(build({ docker })).rejects.toMatchObject({ code: 'server-unreachable' });
    expect(context?.destroyed).toBe(true);
  });
});

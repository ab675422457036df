import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack, type Pack } from 'tar-stream';
import * as names from '#libs/catalog/names.js';
import { Unavailable } from '#libs/core/errors.js';
import type { Docker } from '#libs/servers/docker.js';
import type { App } from '#libs/templates/manifest.js';
import { walk } from './archive.js';
import { dockerfileOf, layerName, layerOf } from './recipe.js';

export interface BuildWish {
  docker: Docker;
  app: App;
  release: { version: string; sha256: string; php: string };
  tree: string;
  onLine?: (line: string) => void;
}

export interface BuiltImage {
  image: string;
  imageId: string;
  /** False when the same archive with the same recipe had been built before. */
  isNew: boolean;
}

const RECIPE = 'siappakai.recipe';
const EPOCH = new Date(0);

/** Builds once: the same archive and recipe are found again by their label, never built twice. */
export async function buildRelease({ docker, app, release, tree, onLine }: BuildWish): Promise<BuiltImage> {
  const base = await docker.image(names.baseImage(release.php));
  if (!base) throw new Unavailable('php-image-missing', { php: release.php, image: names.baseImage(release.php) });
  const dockerfile = dockerfileOf(app, release.php);
  const recipe = createHash('sha256')
    .update(JSON.stringify([release.sha256, dockerfile, app.build, base.id]))
    .digest('hex');
  const image = names.releaseImage(app.app, release.version, release.sha256);
  const standing = await docker.image(image);
  if (standing?.labels[RECIPE] === recipe) return { image, imageId: standing.id, isNew: false };
  onLine?.(`packing ${app.title} ${release.version}`);
  const context = pack();
  const packing = packContext(context, app, tree, dockerfile);
  packing.catch((error: Error) => context.destroy(error));
  const labels = names.labels({ [RECIPE]: recipe, 'siappakai.app': app.app, 'siappakai.release': release.version });
  const imageId = await docker.build(context as unknown as Readable, { tag: image, labels, onLine });
  await packing;
  return { image, imageId, isNew: true };
}

async function packContext(context: Pack, app: App, tree: string, dockerfile: string): Promise<void> {
  const paths = await walk(tree);
  await put(context, 'Dockerfile', Buffer.from(dockerfile));
  for (const layer of [...app.build.layers.map(layerName), 'rest'])
    await put(
      context,
      `layers/${layer}.tar`,
      await layerTar(
        app,
        tree,
        layer,
        paths.filter(({ path }) => layerOf(app, path) === layer),
      ),
    );
  context.finalize();
}

const put = (context: Pack, name: string, content: Buffer): Promise<void> =>
  new Promise((resolve, reject) =>
    context.entry({ name, mtime: EPOCH, mode: 0o644 }, content, (error) => (error ? reject(error) : resolve())),
  );

/** Root-owned, readable by all, writable by nobody, with one time for all: equal trees give equal layers. */
async function layerTar(
  app: App,
  tree: string,
  layer: string,
  paths: Awaited<ReturnType<typeof walk>>,
): Promise<Buffer> {
  const tar = pack();
  const entry = (header: Parameters<Pack['entry']>[0], content: Buffer | string = ''): void =>
    void tar.entry({ uid: 0, gid: 0, mtime: EPOCH, ...header }, content);
  for (const { path, kind } of paths) {
    if (kind === 'folder') entry({ name: path, type: 'directory', mode: 0o755 });
    else if (kind === 'link')
      entry({ name: path, type: 'symlink', linkname: await readlink(join(tree, path)), mode: 0o777 });
    else entry({ name: path, mode: 0o644 }, await readFile(join(tree, path)));
  }
  if (layer === 'rest') addMissing(app, new Set(paths.map(({ path }) => path)), entry);
  tar.finalize();
  const parts: Buffer[] = [];
  for await (const part of tar) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** What the code would create in its own tree at run time must be there, for the tree is read-only. */
function addMissing(
  app: App,
  present: ReadonlySet<string>,
  entry: (header: Parameters<Pack['entry']>[0], content?: string) => void,
): void {
  for (const name of app.build.folders) if (!present.has(name)) entry({ name, type: 'directory', mode: 0o755 });
  for (const name of app.build.files) if (!present.has(name)) entry({ name, mode: 0o644 });
}

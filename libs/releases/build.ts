import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pack, type Pack } from 'tar-stream';
import * as names from '#libs/catalog/names.js';
import { Unavailable } from '#libs/core/errors.js';
import type { Docker } from '#libs/servers/docker.js';
import type { App } from '#libs/templates/manifest.js';
import { addFile, layerTar } from './layer-tar.js';
import { belongs, dockerfileOf, layerFile, layersOf, missingIn, restOf } from './recipe.js';
import type { Preparation } from './composer.js';
import { walk } from './tree.js';

export interface BuildWish {
  docker: Pick<Docker, 'image' | 'build'>;
  app: App;
  release: { version: string; sha256: string; php: string };
  tree: string;
  /** Done to the tree before it is packed, unless the image stands. */
  preparation?: Preparation;
  onLine?: (line: string) => void;
}

export interface BuiltImage {
  image: string;
  imageId: string;
  /** False when the same archive with the same recipe had been built before. */
  isNew: boolean;
}

const RECIPE = 'siappakai.recipe';

/** Builds once: the same archive and recipe are found again by their label, never built twice. Throws `php-image-missing`, `image-build-failed`. */
export async function buildRelease(wish: BuildWish): Promise<BuiltImage> {
  const { docker, app, release, preparation } = wish;
  const base = await docker.image(names.baseImage(release.php));
  if (!base) throw new Unavailable('php-image-missing', { php: release.php, image: names.baseImage(release.php) });
  const recipe = createHash('sha256')
    .update(JSON.stringify([release.sha256, dockerfileOf(app, release.php), app.build, base.id, preparation?.key]))
    .digest('hex');
  const image = names.releaseImage(app.app, release.version, release.sha256);
  const standing = await docker.image(image);
  if (standing?.labels[RECIPE] === recipe) return { image, imageId: standing.id, isNew: false };
  await preparation?.run();
  return { image, imageId: await build(wish, image, recipe), isNew: true };
}

async function build({ docker, app, release, tree, onLine }: BuildWish, tag: string, recipe: string): Promise<string> {
  onLine?.(`packing ${app.title} ${release.version}`);
  const context = pack();
  const packing = packContext(context, app, tree, dockerfileOf(app, release.php));
  packing.catch((error: Error) => context.destroy(error));
  const labels = names.labels({ [RECIPE]: recipe, 'siappakai.app': app.app, 'siappakai.release': release.version });
  try {
    const imageId = await docker.build(context as unknown as Readable, { tag, labels, onLine });
    await packing;
    return imageId;
  } finally {
    // An engine that went away reads no further: what is still to be packed is let go.
    context.destroy();
  }
}

async function packContext(context: Pack, app: App, tree: string, dockerfile: string): Promise<void> {
  const entries = await walk(tree);
  const missing = missingIn(app, entries);
  await addFile(context, 'Dockerfile', Buffer.from(dockerfile));
  for (const layer of layersOf(app)) {
    const present = entries.filter((entry) => belongs(app, entry, layer));
    const content = { present, missing: layer === restOf(app) ? missing : [] };
    await addFile(context, layerFile(layer), await layerTar(tree, content));
  }
  context.finalize();
}

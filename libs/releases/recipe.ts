import * as names from '#libs/catalog/names.js';
import type { App } from '#libs/templates/manifest.js';

const ROOT = '/var/www/html';

/** What goes into the image, in layers: what seldom changes first, so that a monthly release resends only what changed. */
export function dockerfileOf(app: App, php: string): string {
  const { layers } = app.build;
  return [
    `FROM ${names.baseImage(php)}`,
    ...layers.map((layer) => `ADD layers/${layerName(layer)}.tar ${ROOT}/`),
    `ADD layers/rest.tar ${ROOT}/`,
    '',
  ].join('\n');
}

export const layerName = (layer: string): string => layer.replaceAll('/', '-');

/** Which layer a path of the tree belongs to; undefined when the release leaves it out. */
export function layerOf(app: App, path: string): string | undefined {
  const { layers, remove } = app.build;
  const inside = (folder: string): boolean => path === folder || path.startsWith(`${folder}/`);
  if (remove.some(inside)) return undefined;
  const layer = layers.find(inside);
  return layer ? layerName(layer) : 'rest';
}

import * as names from '#libs/catalog/names.js';
import type { App } from '#libs/templates/manifest.js';
import type { TreeEntry } from './tree.js';

/** Where the code lies in the image, and the folders above it. */
export const ROOT = 'var/www/html';

/** Layers are numbered in the order of the manifest; this one, the last, takes the rest. Names could collide. */
export const restOf = (app: App): number => app.build.layers.length;

export const layerFile = (layer: number): string => `layers/${layer}.tar`;

export const layersOf = (app: App): number[] => [...app.build.layers.keys(), restOf(app)];

/**
 * What goes into the image, in layers: what seldom changes first, so that a monthly release resends only what changed.
 * Unpacked at `/`, for a folder that is only the target of ADD would carry the time of the build into the layer.
 */
export const dockerfileOf = (app: App, php: string): string =>
  [`FROM ${names.baseImage(php)}`, ...layersOf(app).map((layer) => `ADD ${layerFile(layer)} /`), ''].join('\n');

export const isInside = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** `a/b*.php` -> what it names, with all below. */
const named = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}(/|$)`);
export const isRemoved = (app: App, path: string): boolean =>
  app.build.remove.some((removed) => (removed.includes('*') ? named(removed).test(path) : isInside(path, removed)));

/** Whether an entry of the tree goes into a layer. A folder above a layer's own goes into both: its mode must be said. */
export function belongs(app: App, { path, kind }: TreeEntry, layer: number): boolean {
  const { layers } = app.build;
  if (isRemoved(app, path)) return false;
  const own = layers.findIndex((folder) => isInside(path, folder));
  if (layer === (own < 0 ? restOf(app) : own)) return true;
  return kind === 'folder' && layer < restOf(app) && isInside(layers[layer]!, path);
}

/** What the code would create in its own tree at run time, and the folders above it: the tree is read-only. */
export function missingIn(app: App, entries: readonly TreeEntry[]): TreeEntry[] {
  const { folders, files } = app.build;
  const present = new Set(entries.map(({ path }) => path).filter((path) => !isRemoved(app, path)));
  const wanted = new Map<string, TreeEntry['kind']>([
    ...files.map((path) => [path, 'file'] as const),
    ...folders.map((path) => [path, 'folder'] as const),
    ...[...folders, ...files].flatMap(above).map((path) => [path, 'folder'] as const),
  ]);
  const missing = [...wanted].filter(([path]) => !present.has(path)).sort(([a], [b]) => (a < b ? -1 : 1));
  return missing.map(([path, kind]) => ({ path, kind }));
}

/** `a/b/c` -> `a`, `a/b`: said too, for the engine would make them writable by all. */
export const above = (path: string): string[] =>
  path
    .split('/')
    .slice(0, -1)
    .map((_, depth, parts) => parts.slice(0, depth + 1).join('/'));

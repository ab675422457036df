import type { RuntimeSpec } from './runtime-port.js';

const below = (path: string, folder: string): string | undefined =>
  path === folder ? '' : path.startsWith(`${folder}/`) ? path.slice(folder.length) : undefined;

/** The longest folder that holds `path`, with what is left of it. */
function holder(path: string, folders: string[]): { folder: string; rest: string } | undefined {
  return folders
    .map((folder) => ({ folder, rest: below(path, folder) }))
    .filter((found): found is { folder: string; rest: string } => found.rest !== undefined)
    .sort((a, b) => b.folder.length - a.folder.length)[0];
}

/** Volatile folders are one per release: an old and a new runtime never share compiled pages. */
export const volatileFolder = ({ version }: RuntimeSpec, folder: string): string => `${folder}/${version}`;

/** Where a path of the tree, or of the desa's data, lies below `/data/<site>`. */
export function dataPath(spec: RuntimeSpec, path: string): string {
  const { state, volatile } = spec.app.site;
  const kept = holder(path, Object.values(volatile));
  if (kept) return volatileFolder(spec, kept.folder) + kept.rest;
  if (holder(path, Object.values(state))) return path;
  const passing = holder(path, Object.keys(volatile));
  if (passing) return volatileFolder(spec, volatile[passing.folder] ?? '') + passing.rest;
  const stable = holder(path, Object.keys(state));
  return stable ? `${state[stable.folder]}${stable.rest}` : path;
}

/** `a/b/c` -> `a`, `a/b`. */
export const parentsOf = (path: string): string[] => {
  const parts = path.split('/');
  return parts.slice(1).map((_part, index) => parts.slice(0, index + 1).join('/'));
};

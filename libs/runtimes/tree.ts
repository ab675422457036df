import { createHash } from 'node:crypto';
import { render } from '#libs/templates/render.js';
import type { Entry } from '#libs/servers/files.js';
import { dataPath, parentsOf, volatileFolder } from './paths.js';
import type { RuntimeSpec, SiteSpec } from './runtime-port.js';

const CODE = '/var/www/html';
/** nginx's group: it may step into a desa's folder, a neighbour may not. */
const WEB = 33;

/** A site's tree below `/conf`: root-owned, a real entry file, links to the code and to the desa's own data. */
export function treeOf(spec: RuntimeSpec, site: string, entryFile: Buffer): Entry[] {
  const { entry, links, files, state, volatile, docroot } = spec.app.site;
  const root = `sites/${site}`;
  const at = (path: string): string => `${root}/${path}`;
  const pointing = [
    ...links.map((path): [string, string] => [path, `${CODE}/${path}`]),
    ...Object.entries(state).map(([path, folder]): [string, string] => [path, `/data/${site}/${folder}`]),
    ...Object.entries(volatile).map(([path, folder]): [string, string] => [
      path,
      `/data/${site}/${volatileFolder(spec, folder)}`,
    ]),
  ];
  const folders = new Set([
    ...(docroot ? [...parentsOf(docroot), docroot] : []),
    ...[entry, ...files, ...pointing.map(([path]) => path)].flatMap(parentsOf),
  ]);
  return [
    { kind: 'folder', path: root },
    ...[...folders].sort().map((path): Entry => ({ kind: 'folder', path: at(path) })),
    { kind: 'file', path: at(entry), content: entryFile },
    ...files.map((path): Entry => ({ kind: 'file', path: at(path), content: '' })),
    ...pointing.map(([path, to]): Entry => ({ kind: 'link', path: at(path), to })),
  ];
}

/**
 * The desa's own folders below `/data`. Folders that hold a file of ours are root's and sticky: the desa may write
 * beside the file, but neither change it nor put another in its place.
 */
export function foldersOf(spec: RuntimeSpec, { site, uid }: SiteSpec): Entry[] {
  const { state, volatile, folders, rendered } = spec.app.site;
  const wanted = [
    ...Object.values(state),
    ...Object.values(volatile).flatMap((folder) => [folder, volatileFolder(spec, folder)]),
    ...folders.map((path) => dataPath(spec, path)),
  ];
  const guarded = new Set(
    rendered.filter(({ writable }) => !writable).flatMap(({ to }) => parentsOf(dataPath(spec, to))),
  );
  const all = new Set([
    ...wanted.flatMap((path) => [...parentsOf(path), path]),
    ...rendered.flatMap(({ to }) => parentsOf(dataPath(spec, to))),
  ]);
  return [
    { kind: 'folder', path: site, uid, gid: WEB, mode: 0o710 },
    { kind: 'folder', path: `${site}/tmp`, uid, gid: uid, mode: 0o700 },
    ...[...all].sort().map((path): Entry => ({
      kind: 'folder',
      path: `${site}/${path}`,
      gid: uid,
      ...(guarded.has(path) ? { uid: 0, mode: 0o1775 } : { uid, mode: 0o755 }),
    })),
  ];
}

/** A rendered file: its entry, and whether it is written only when it is not there. */
export interface Rendered {
  once: boolean;
  entry: Entry & { kind: 'file'; modifiedAt: Date };
}

/** Rendered files of the desa. Their times are sums of their content: who looks sees whether they are as wanted. */
export const renderedOf = (spec: RuntimeSpec, { site, uid, domain, values }: SiteSpec): Rendered[] =>
  spec.app.site.rendered.map(({ template, to, writable, once }) => {
    const content = render(spec.app.templates[template] ?? '', { ...values, site, domain, version: spec.version });
    const owner = writable ? { uid, mode: 0o640 } : { uid: 0, mode: 0o440 };
    const path = `${site}/${dataPath(spec, to)}`;
    return { once, entry: { kind: 'file', path, content, gid: uid, modifiedAt: sumAsTime(content), ...owner } };
  });

const sumAsTime = (content: string): Date =>
  new Date(1000 * (createHash('sha256').update(content).digest().readUInt32BE(0) >>> 1));

import { AppError } from '#libs/core/errors.js';
import type { Docker } from '#libs/servers/docker.js';
import { firstFileOf, type Entry } from '#libs/servers/files.js';
import { LIVE_POOL, poolOf } from '../pool.js';
import type { RuntimeSpec, SiteSpec } from '../runtime-port.js';
import { treeOf } from '../tree.js';
import { gateOf, webServerOf } from '../web-server.js';
import { ensureFiles, filesContainer, filesOf } from './volumes.js';

const WEB = 33;

/** What every runtime has, sites or none: the key, nginx's server, the pool that answers `/-/live`. */
export const headEntries = (spec: RuntimeSpec): Entry[] => [
  { kind: 'folder', path: 'fpm.d', mode: 0o700 },
  { kind: 'folder', path: 'sites' },
  { kind: 'file', path: 'gate.conf', content: gateOf(spec.gateKey.reveal()), gid: WEB, mode: 0o440 },
  { kind: 'file', path: 'server.conf', content: webServerOf(spec.app), gid: WEB, mode: 0o440 },
  { kind: 'file', path: 'fpm.d/live.conf', content: LIVE_POOL, mode: 0o600 },
];

/** Images never change under their name: their entry files are read once. A tar costs the engine a process. */
const entryFiles = new Map<string, Buffer>();

async function entryFileOf(docker: Docker, spec: RuntimeSpec): Promise<Buffer> {
  const known = entryFiles.get(spec.image);
  if (known) return known;
  const path = `/var/www/html/${spec.app.site.entry}`;
  const tar = await docker.getArchive(await ensureFiles(docker, spec), path);
  const found = tar && (await firstFileOf(tar));
  if (!found) throw new AppError('image-incomplete', { image: spec.image, path });
  entryFiles.set(spec.image, found);
  return found;
}

/** Pools and trees of sites. The entry file is the image's own. */
export async function siteEntries(docker: Docker, spec: RuntimeSpec, sites: SiteSpec[]): Promise<Entry[]> {
  const entryFile = await entryFileOf(docker, spec);
  return sites.flatMap((site) => [
    ...treeOf(spec, site.site, entryFile),
    { kind: 'file', path: `fpm.d/${site.site}.conf`, content: poolOf(spec, site), mode: 0o600 },
  ]);
}

async function poolFiles(docker: Docker, spec: RuntimeSpec): Promise<{ name: string; content: Buffer }[]> {
  const files = filesContainer(spec.name);
  const tar = (await docker.container(files)) && (await docker.getArchive(files, '/conf/fpm.d'));
  return tar ? filesOf(tar) : [];
}

export const placedSites = async (docker: Docker, spec: RuntimeSpec): Promise<string[]> =>
  (await poolFiles(docker, spec))
    .map(({ name }) => name.replace(/^fpm\.d\/|\.conf$/g, ''))
    .filter((site) => site !== 'live')
    .sort();

export const holds = async (docker: Docker, spec: RuntimeSpec, site: string): Promise<boolean> =>
  (await docker.stat(filesContainer(spec.name), `/conf/fpm.d/${site}.conf`)) !== undefined;

/** The pools of these sites as they stand, to put them back. */
export async function headOf(docker: Docker, spec: RuntimeSpec, sites: SiteSpec[]): Promise<Entry[]> {
  const held = await Promise.all(sites.map(({ site }) => holds(docker, spec, site)));
  if (!held.includes(true)) return [];
  return (await poolFiles(docker, spec))
    .filter(({ name }) => sites.some(({ site }) => name === `fpm.d/${site}.conf`))
    .map(({ name, content }) => ({ kind: 'file', path: name, content, mode: 0o600 }));
}

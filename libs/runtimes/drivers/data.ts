import { posix } from 'node:path';
import { pack } from 'tar-stream';
import { PassThrough, type Readable } from 'node:stream';
import { NotFound } from '#libs/core/errors.js';
import type { Docker, PathView } from '#libs/servers/docker.js';
import { firstFileOf, type Entry } from '#libs/servers/files.js';
import { dataPath } from '../paths.js';
import type { RuntimeSpec, Runtimes, SiteSpec } from '../runtime-port.js';
import { foldersOf, renderedOf, type Rendered } from '../tree.js';
import { changed, ensureFiles, filesOf, headerOf, refuseLinks, runOnce, write } from './volumes.js';

type Data = Pick<
  Runtimes,
  | 'prepareData'
  | 'hasState'
  | 'readState'
  | 'writeState'
  | 'emptyState'
  | 'exportState'
  | 'importState'
  | 'removeData'
  | 'readLogs'
>;

/** The desa's own data in the volume that the runtimes of an app and gabungan share. */
export const dataOn = (docker: Docker): Data => ({
  prepareData: (spec, site) => prepare(docker, spec, site),
  async hasState(spec, site, path) {
    const files = await ensureFiles(docker, spec);
    const place = dataPath(spec, path);
    await refuseLinks(docker, files, site, place);
    return (await docker.stat(files, `/data/${site}/${place}`)) !== undefined;
  },
  async readState(spec, site, path) {
    const files = await ensureFiles(docker, spec);
    const place = dataPath(spec, path);
    await refuseLinks(docker, files, site, place);
    const tar = await docker.getArchive(files, `/data/${site}/${place}`);
    return tar && firstFileOf(tar);
  },
  async writeState(spec, { site, uid }, path, content) {
    const place = dataPath(spec, path);
    await refuseLinks(docker, await ensureFiles(docker, spec), site, place);
    await write(docker, spec, '/data', [
      { kind: 'file', path: `${site}/${place}`, content, uid, gid: uid, mode: 0o640 },
    ]);
  },
  // As the desa's own uid: a link that it planted leads nowhere it could not go itself.
  async emptyState(spec, { site, uid }, folders) {
    const files = await ensureFiles(docker, spec);
    const places = folders.map((folder) => `/data/${site}/${dataPath(spec, folder)}`);
    const there: string[] = [];
    for (const place of places) if ((await docker.stat(files, place))?.kind === 'folder') there.push(place);
    if (there.length > 0)
      await runOnce(docker, spec, ['find', ...there, '-mindepth', '1', '-delete'], { user: `${uid}:${uid}` });
  },
  exportState: (spec, site) => exportState(docker, spec, site),
  async importState(spec, site, tar) {
    const files = await ensureFiles(docker, spec);
    const uid = (await headerOf(docker, files, `/data/${site}`))?.uid;
    if (uid === undefined) throw new NotFound('site-unknown', { site });
    const { done, stream } = changed(tar as Readable, (header) => Object.assign(header, ownersOf(header.uid, uid)));
    const written = docker.putArchive(files, `/data/${site}`, stream.pipe(new PassThrough()));
    await done;
    stream.finalize();
    await written;
  },
  removeData: (spec, site) =>
    runOnce(docker, spec, ['rm', '-rf', '--one-file-system', '--', `/data/${site}`], {
      capabilities: ['DAC_OVERRIDE', 'FOWNER'],
    }),
  async readLogs(spec, site, folder) {
    const files = await ensureFiles(docker, spec);
    const place = dataPath(spec, folder);
    await refuseLinks(docker, files, site, place);
    const tar = await docker.getArchive(files, `/data/${site}/${place}`);
    return tar ? (await filesOf(tar)).map(({ content }) => content.toString('utf8')).join('\n') : '';
  },
});

/** The uid of a desa may differ between servers; what was root's stays root's, readable by the desa's group. */
const ownersOf = (owner: number, uid: number): { uid: number; gid: number; uname: string; gname: string } => ({
  uid: owner === 0 ? 0 : uid,
  gid: uid,
  uname: '',
  gname: '',
});

/** A file that is as wanted is left alone: while it is put anew a page of the desa would find none. */
async function prepare(docker: Docker, spec: RuntimeSpec, site: SiteSpec): Promise<void> {
  const files = await ensureFiles(docker, spec);
  const wanted: Entry[] = [];
  for (const { once, entry } of renderedOf(spec, site)) {
    const found = await docker.stat(files, `/data/${entry.path}`);
    if (!found || (!once && !isAsWanted(found, entry))) wanted.push(entry);
  }
  await write(docker, spec, '/data', [...foldersOf(spec, site), ...wanted]);
}

const isAsWanted = ({ kind, bytes, modifiedAt }: PathView, { content, ...entry }: Rendered['entry']): boolean =>
  kind === 'file' && bytes === Buffer.byteLength(content) && modifiedAt.getTime() === entry.modifiedAt.getTime();

/** Entries are named from the desa's folder on, so that an import lands where it came from. */
async function exportState(docker: Docker, spec: RuntimeSpec, site: string): Promise<NodeJS.ReadableStream> {
  const files = await ensureFiles(docker, spec);
  const whole = pack();
  const feed = async (): Promise<void> => {
    for (const folder of new Set(Object.values(spec.app.site.state))) {
      const tar = await docker.getArchive(files, `/data/${site}/${folder}`);
      const above = posix.dirname(folder);
      if (tar)
        await changed(tar, (header) => Object.assign(header, { name: posix.join(above, header.name) }), whole).done;
    }
    whole.finalize();
  };
  const out = new PassThrough();
  feed().catch((error: Error) => out.destroy(error));
  // Whoever reads may stop, because a disk is full: an error that nobody hears would end the whole worker.
  whole.on('error', (error: Error) => out.destroy(error));
  return whole.pipe(out);
}

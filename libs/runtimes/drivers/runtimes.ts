import { Readable } from 'node:stream';
import { InvalidInput, Unavailable } from '#libs/core/errors.js';
import { until } from '#libs/core/retry.js';
import type { Gateway } from '#libs/gateway/gateway-port.js';
import type { Docker } from '#libs/servers/docker.js';
import { firstFileOf, tarOf, type Entry } from '#libs/servers/files.js';
import { environmentOf, IDLE_POOL, poolOf } from '../pool.js';
import type { Runtimes, RuntimeSpec, SiteSpec } from '../runtime-port.js';
import { dataOf, dataPath, treeOf } from '../tree.js';
import { gateConf, serverConf } from '../web-server.js';
import { mergeFolders, namesIn, textIn } from './archives.js';
import { containerOf, helperOf, taskOf } from './containers.js';

const WEB = 33;

/** Runtimes of one server. Everything is written through a helper that is created and never started. */
export function runtimesOn(docker: Docker, gateway: Gateway): Runtimes {
  const helper = async (spec: RuntimeSpec): Promise<string> => {
    const wanted = helperOf(spec);
    if (await docker.container(wanted.name)) return wanted.name;
    await docker.ensureVolume(spec.configVolume, spec.labels);
    await docker.ensureVolume(spec.dataVolume, spec.labels);
    await docker.create(wanted).catch(ignoreExisting);
    return wanted.name;
  };
  const write = async (spec: RuntimeSpec, root: '/conf' | '/data', entries: Entry[]): Promise<void> =>
    docker.putArchive(await helper(spec), root, await tarOf(entries));
  const readFile = async (spec: RuntimeSpec, path: string): Promise<Buffer | undefined> => {
    const tar = await docker.getArchive(await helper(spec), path);
    return tar && firstFileOf(tar);
  };
  const sitesEntries = async (spec: RuntimeSpec, sites: SiteSpec[]): Promise<Entry[]> => {
    const entry = await readFile(spec, `/var/www/html/${spec.app.site.entry}`);
    if (!entry) throw new InvalidInput('release-entry-missing', { image: spec.image, entry: spec.app.site.entry });
    return sites.flatMap((site): Entry[] => [
      ...treeOf(spec, site, entry),
      { kind: 'file', path: `fpm.d/${site.site}.conf`, content: poolOf(spec, site), mode: 0o600 },
    ]);
  };
  /** Deleting needs a process: a short container with the volumes and the right to pass owners, without a network. */
  const task = async (spec: RuntimeSpec, argv: string[]): Promise<void> => {
    const wanted = taskOf(spec, argv);
    await docker.remove(wanted.name);
    await docker.create(wanted);
    try {
      await docker.start(wanted.name);
      const code = await docker.wait(wanted.name);
      if (code !== 0) throw new Unavailable('folder-task-failed', { argv, code, log: (await docker.logs(wanted.name, 5)).slice(0, 300) });
    } finally {
      await docker.remove(wanted.name);
    }
  };
  const reload = async (spec: RuntimeSpec): Promise<void> => {
    const tested = await docker.exec(spec.name, ['php-fpm', '-t', '-y', '/etc/siappakai/fpm.conf']);
    if (tested.code !== 0) throw new InvalidInput('pool-refused', { runtime: spec.name, reason: tested.stderr.slice(0, 300) });
    await docker.signal(spec.name, 'SIGUSR2');
  };
  const hasSocket = async (spec: RuntimeSpec, site: string): Promise<true | undefined> =>
    (await docker.exec(spec.name, ['test', '-S', `/run/sock/${site}.sock`])).code === 0 ? true : undefined;
  const isRunning = async (name: string): Promise<boolean> => (await docker.container(name))?.state === 'running';
  const awaitLive = (spec: RuntimeSpec): Promise<true> =>
    until(() => isLive(gateway, spec), {
      timeoutSeconds: 30,
      everyMilliseconds: 100,
      late: () => new Unavailable('runtime-not-live', { runtime: spec.name }),
    });

  return {
    isRunning,
    async ensure(spec, sites) {
      if (!(await docker.container(spec.name))) {
        const { gateKey, app } = spec;
        const shared: Entry[] = [
          { kind: 'folder', path: 'fpm.d', mode: 0o700 },
          { kind: 'folder', path: 'sites' },
          { kind: 'file', path: 'fpm.d/00-idle.conf', content: IDLE_POOL, mode: 0o600 },
          { kind: 'file', path: 'gate.conf', content: gateConf(gateKey.reveal()), gid: WEB, mode: 0o640 },
          { kind: 'file', path: 'server.conf', content: serverConf(app) },
        ];
        await write(spec, '/conf', [...shared, ...(await sitesEntries(spec, sites))]);
        await docker.create(containerOf(spec)).catch(ignoreExisting);
      }
      await docker.start(spec.name);
      await awaitLive(spec);
    },
    async sites(spec) {
      if (!(await docker.container(spec.name))) return [];
      const tar = await docker.getArchive(await helper(spec), '/conf/fpm.d');
      const files = tar ? await namesIn(tar) : [];
      return files.filter(({ size }) => size > 0).flatMap(({ name }) => /^fpm\.d\/(d\d+)\.conf$/.exec(name)?.[1] ?? []);
    },
    async prepareData(spec, site) {
      const once = spec.app.site.rendered.filter((file) => file.once).map(({ to }) => dataPath(spec, to) ?? to);
      const existing = new Set<string>();
      for (const path of once) if (await readFile(spec, `/data/${site.site}/${path}`)) existing.add(path);
      await write(spec, '/data', dataOf(spec, site, existing));
    },
    async place(spec, site) {
      await write(spec, '/conf', await sitesEntries(spec, [site]));
      await reload(spec);
      await until(() => hasSocket(spec, site.site), {
        timeoutSeconds: 30,
        late: () => new Unavailable('pool-not-started', { runtime: spec.name, site: site.site }),
      });
    },
    async take(spec, site) {
      await write(spec, '/conf', [{ kind: 'file', path: `fpm.d/${site}.conf`, content: '', mode: 0o600 }]);
      if (await isRunning(spec.name)) await reload(spec);
    },
    async remove(name, configVolume) {
      if (await isRunning(name)) await docker.stop(name, 10);
      await docker.remove(name);
      await docker.remove(`${name}-files`);
      await docker.remove(`${name}-task`);
      await docker.removeVolume(configVolume);
    },
    readState: (spec, site, path) => readFile(spec, `/data/${site}/${dataPath(spec, path) ?? path}`),
    writeState: (spec, site, path, content) =>
      write(spec, '/data', [{ kind: 'file', path: `${site.site}/${path}`, content, uid: site.uid, gid: site.uid, mode: 0o600 }]),
    async emptyState(spec, site, folders) {
      const paths = folders.map((folder) => `/data/${site.site}/${dataPath(spec, folder) ?? folder}`);
      if (paths.length > 0) await task(spec, ['find', ...paths, '-mindepth', '1', '-type', 'f', '-delete']);
    },
    async readLogs(spec, site, folder) {
      const tar = await docker.getArchive(await helper(spec), `/data/${site}/${dataPath(spec, folder) ?? folder}`);
      return tar ? textIn(tar) : '';
    },
    async exportState(spec, site) {
      const name = await helper(spec);
      return mergeFolders(Object.values(spec.app.site.state), (folder) => docker.getArchive(name, `/data/${site}/${folder}`));
    },
    async importState(spec, site, tar) {
      await docker.putArchive(await helper(spec), `/data/${site}`, tar as Readable);
    },
    removeData: (spec, site) => task(spec, ['rm', '-rf', `/data/${site}`]),
    environment: (spec, site) => environmentOf(spec.app, site),
  };
}

async function isLive(gateway: Gateway, spec: RuntimeSpec): Promise<true | undefined> {
  const question = { runtime: spec.name, port: 8080, site: 'live', gateKey: '', domain: 'live', path: '/-/live', timeoutSeconds: 5 };
  const answer = await gateway.get(question).catch(() => undefined);
  return answer?.status === 200 ? true : undefined;
}

function ignoreExisting(error: unknown): void {
  if ((error as { code?: string }).code !== 'container-exists') throw error;
}

import { AppError, Unavailable } from '#libs/core/errors.js';
import { until } from '#libs/core/retry.js';
import type { Gateway } from '#libs/gateway/gateway-port.js';
import type { Docker } from '#libs/servers/docker.js';
import { containerOf, faultsOf } from '../container.js';
import { environmentOf } from '../pool.js';
import type { RuntimeSpec, Runtimes, SiteSpec } from '../runtime-port.js';
import { dataOn } from './data.js';
import { headEntries, headOf, holds, placedSites, siteEntries } from './config.js';
import { ensureFiles, filesContainer, runOnce, write } from './volumes.js';

/** Work on one runtime, one after the other: two reloads at once would lose one. */
const lines = new Map<string, Promise<unknown>>();
function inLine<T>(name: string, work: () => Promise<T>): Promise<T> {
  const next = (lines.get(name) ?? Promise.resolve()).catch(() => undefined).then(work);
  lines.set(name, next);
  return next.finally(() => lines.get(name) === next && lines.delete(name));
}

/** Runtimes of one server, told through its engine; looked at through its gateway. */
export function runtimesOn(docker: Docker, gateway: Gateway): Runtimes {
  const data = dataOn(docker);
  return {
    ...data,
    environment: environmentOf,
    isRunning: async (name) => (await docker.container(name))?.state === 'running',
    lastWords: (spec, site) => lastWords(docker, spec, site),
    isLive: async (spec) =>
      (await docker.container(spec.name))?.state === 'running' && (await answersLive(gateway, spec)),
    async faults(spec) {
      const found = await docker.container(spec.name);
      return found ? faultsOf(spec, found) : [];
    },
    holds: (spec, site) => holds(docker, spec, site),
    ensure: (spec, sites) => inLine(spec.name, () => ensure(docker, gateway, spec, sites, data.prepareData)),
    place: (spec, site) =>
      inLine(spec.name, async () => {
        await data.prepareData(spec, site);
        await place(docker, spec, [site]);
      }),
    take: (spec, site) =>
      inLine(spec.name, async () => {
        await forget(docker, spec, [site]);
        if ((await docker.container(spec.name))?.state === 'running') await reload(docker, spec);
      }),
    // The desa's own processes alone may be told by its uid.
    async silence(spec, uid) {
      if ((await docker.container(spec.name))?.state === 'running')
        await docker.exec(spec.name, ['kill', '-KILL', '--', '-1'], { user: `${uid}:${uid}` });
    },
    async isSilent(spec, uid) {
      if ((await docker.container(spec.name))?.state !== 'running') return true;
      const { stdout } = await docker.exec(spec.name, ['find', '/proc', '-maxdepth', '1', '-user', String(uid)]);
      return stdout.trim() === '';
    },
    async remove(name, configVolume) {
      await docker.stop(name, 15).catch(ignoreMissing);
      await docker.remove(name);
      await docker.remove(filesContainer(name));
      await docker.removeVolume(configVolume);
    },
  };
}

/** nginx writes a site's complaint with the socket that it came from. */
async function lastWords(docker: Docker, spec: RuntimeSpec, site: string): Promise<string> {
  const said = (await docker.logs(spec.name, 500)).split('\n');
  const its = said.filter((line) => line.includes(`/${site}.sock`));
  return its.slice(-3).join('\n').slice(0, 1000);
}

const ignoreMissing = (error: unknown): void => {
  if (!(error instanceof AppError) || error.data.status !== 404) throw error;
};

async function ensure(
  docker: Docker,
  gateway: Gateway,
  spec: RuntimeSpec,
  sites: SiteSpec[],
  prepareData: Runtimes['prepareData'],
): Promise<void> {
  await docker.ensureNetwork(spec.network, { internal: true, labels: spec.labels });
  await ensureFiles(docker, spec);
  for (const site of sites) await prepareData(spec, site);
  const found = await docker.container(spec.name);
  const isRunning = found?.state === 'running' && found.image === spec.image;
  if (isRunning) {
    const placed = await placedSites(docker, spec);
    const absent = sites.filter(({ site }) => !placed.includes(site));
    if (absent.length > 0) await place(docker, spec, absent);
  } else {
    await write(docker, spec, '/conf', [...headEntries(spec), ...(await siteEntries(docker, spec, sites))]);
    if (found && found.image !== spec.image) await docker.remove(spec.name);
    if (!found || found.image !== spec.image) await docker.create(containerOf(spec));
    await docker.start(spec.name);
  }
  await gateway.joinNetwork(spec.network);
  await untilLive(docker, gateway, spec);
}

/** nginx and php-fpm answer: `/-/live` goes through both and runs no script. */
async function answersLive(gateway: Gateway, spec: RuntimeSpec): Promise<boolean> {
  const request = {
    runtime: spec.name,
    port: 8080,
    site: 'live',
    gateKey: spec.gateKey.reveal(),
    domain: spec.name,
    path: '/-/live',
    timeoutSeconds: 5,
  };
  return (await gateway.get(request).catch(() => undefined))?.status === 200;
}

async function untilLive(docker: Docker, gateway: Gateway, spec: RuntimeSpec): Promise<void> {
  const look = async (): Promise<true | undefined> => (await answersLive(gateway, spec)) || undefined;
  let says = '';
  await until(look, {
    timeoutSeconds: 30,
    late: () => new Unavailable('runtime-not-live', { runtime: spec.name, says }),
  }).catch(async (error: unknown) => {
    says = (await docker.logs(spec.name, 5)).slice(-500);
    throw new Unavailable('runtime-not-live', { runtime: spec.name, says }, error);
  });
}

/** One pool that php-fpm refuses must not stop all: the text is tried first and put back when it is refused. */
async function place(docker: Docker, spec: RuntimeSpec, sites: SiteSpec[]): Promise<void> {
  const before = await headOf(docker, spec, sites);
  await write(docker, spec, '/conf', await siteEntries(docker, spec, sites));
  const { code, stderr, stdout } = await docker.exec(spec.name, ['php-fpm', '-t', '-y', '/etc/siappakai/fpm.conf']);
  if (code !== 0) {
    await forget(
      docker,
      spec,
      sites.map(({ site }) => site).filter((site) => !before.some(({ path }) => path.includes(`/${site}.conf`))),
    );
    if (before.length > 0) await write(docker, spec, '/conf', before);
    throw new AppError('runtime-refused-site', { runtime: spec.name, says: (stderr || stdout).slice(0, 300) });
  }
  await reload(docker, spec);
}

const forget = async (docker: Docker, spec: RuntimeSpec, sites: string[]): Promise<void> => {
  if (sites.length === 0) return;
  await runOnce(docker, spec, [
    'rm',
    '-rf',
    '--',
    ...sites.flatMap((site) => [`/conf/fpm.d/${site}.conf`, `/conf/sites/${site}`]),
  ]);
};

/**
 * php-fpm writes its pid file anew when it has read its pools again: its time is the proof. Told from inside: whatever
 * the engine itself has sent a signal to counts as stopped by hand, and stays away after the next start of the server.
 */
async function reload(docker: Docker, spec: RuntimeSpec): Promise<void> {
  const written = async (): Promise<string | undefined> => {
    const { code, stdout } = await docker.exec(spec.name, ['stat', '-c', '%y', '/run/fpm.pid']);
    return code === 0 ? stdout : undefined;
  };
  const before = await written();
  await docker.exec(spec.name, ['kill', '-USR2', '1']);
  const look = async (): Promise<true | undefined> => {
    const now = await written();
    return now !== undefined && now !== before ? true : undefined;
  };
  await until(look, {
    timeoutSeconds: 20,
    late: () => new Unavailable('runtime-not-reloaded', { runtime: spec.name }),
  });
}

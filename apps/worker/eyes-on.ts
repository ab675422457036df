import { Unavailable } from '#libs/core/errors.js';
import type { Eyes } from '#libs/looks/eyes.js';
import type { SiteParts } from '#libs/looks/seen.js';
import type { WantedRuntime } from '#libs/looks/wanted.js';
import * as names from '#libs/catalog/names.js';
import { observe } from '#libs/provisioning/health.js';
import type { Docker } from '#libs/servers/docker.js';
import type { ServerTools } from './tools.js';

const PAGE_SECONDS = 10;
const LIVE_SECONDS = 3;

interface Asked {
  site: string;
  domain: string;
  path: string;
  timeoutSeconds?: number;
}

/** A look's eyes on one server: through its engine and its proxy, starting nothing. */
export const eyesOn = ({ docker, gateway }: ServerTools): Eyes => {
  const get = (runtime: WantedRuntime, { timeoutSeconds = PAGE_SECONDS, ...what }: Asked) =>
    gateway.get({
      runtime: runtime.spec.name,
      port: 8080,
      gateKey: runtime.spec.gateKey.reveal(),
      ...what,
      timeoutSeconds,
    });
  return {
    ping: () => docker.ping(),
    containers: () => docker.containers(names.labels()),
    freeBytes: () => gateway.freeBytes(),
    routes: () => gateway.routes(),
    gatewayFaults: () => gateway.faults(),
    certificates: () => gateway.certificates(),
    standing: ({ spec }) => standingIn(docker, spec.name),
    async isLive(runtime) {
      const live = { site: 'live', domain: runtime.spec.name, path: '/-/live', timeoutSeconds: LIVE_SECONDS };
      // A stream that is kept may lead to a container that is no more: the second one is fresh.
      const { status } = await get(runtime, live).catch(() => get(runtime, live));
      return status === 200;
    },
    async page({ site, domain }, runtime) {
      const { health } = runtime.spec.app;
      const { status, body } = await get(runtime, { site, domain, path: health.path });
      return observe(health, status, body);
    },
  };
};

const PLACES = ['/conf/fpm.d', '/conf/sites', '/run/sock'];

/** One `find`: pools and trees as they are written, sockets as php-fpm holds them open. */
async function standingIn(docker: Docker, runtime: string): Promise<Map<string, SiteParts>> {
  const argv = ['find', ...PLACES, '-mindepth', '1', '-maxdepth', '1'];
  const { code, stdout, stderr } = await docker.exec(runtime, argv);
  if (code !== 0) throw new Unavailable('runtime-not-live', { runtime, says: stderr.slice(0, 300) });
  return partsOf(stdout.split('\n'));
}

export function partsOf(paths: string[]): Map<string, SiteParts> {
  const sites = new Map<string, SiteParts>();
  for (const path of paths) {
    const [, part, site] = /^\/(conf\/fpm\.d|conf\/sites|run\/sock)\/([a-z0-9-]+?)(?:\.conf|\.sock)?$/.exec(path) ?? [];
    if (!part || !site || site === 'live') continue;
    const known = sites.get(site) ?? { pool: false, tree: false, socket: false };
    const name = ({ 'conf/fpm.d': 'pool', 'conf/sites': 'tree', 'run/sock': 'socket' } as const)[part]!;
    sites.set(site, { ...known, [name]: true });
  }
  return sites;
}

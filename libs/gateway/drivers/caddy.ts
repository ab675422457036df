import type { Agent } from 'node:http';
import * as names from '#libs/catalog/names.js';
import { AppError, Conflict, Unavailable } from '#libs/core/errors.js';
import { until } from '#libs/core/retry.js';
import { ask, dialledAgent, type HttpAnswer } from '#libs/servers/dialled-http.js';
import type { Docker } from '#libs/servers/docker.js';
import { fromCaddy, idOf, routesIn, rulesNamed, toCaddy } from '../caddy-config.js';
import { certificateFolder, PORTS } from '../caddy-https.js';
import { rulesId, rulesToCaddy } from '../caddy-rules.js';
import { SERVE, SERVED } from '../caddy-serve.js';
import type { CaddyRoute } from '../caddy-words.js';
import { gatewayContainerOf, gatewayFaults, volumesOf, type GatewayPlace } from '../gateway-container.js';
import { placeOf, type Gateway, type Room, type Route, type RoutePlace } from '../gateway-port.js';
import { NO_HTTPS, type Https } from '../https.js';
import { adminOf } from './admin.js';
import { certificatesIn, refusalsOf, servedTo } from './certificates.js';
import { assertPortsFree } from './ports-free.js';
import { isTold, ROUTES, tellHttps } from './tell-https.js';

export type { GatewayPlace };

const ROOM_CACHE_MILLISECONDS = 10_000;

/** Caddy in a container: its admin API is reached only through the engine, on the container's own loopback. */
export function gatewayOn(docker: Docker, place: GatewayPlace): Gateway {
  const socat = (address: string) => (): ReturnType<Docker['dial']> =>
    docker.dial(place.container, ['socat', '-', `TCP:${address}`]);
  const tell = adminOf(docker, place.container);
  const runtimes = new Map<string, Agent>();
  const agentOf = (address: string): Agent => {
    const known = runtimes.get(address) ?? dialledAgent(socat(address));
    runtimes.set(address, known);
    return known;
  };
  let seen: { at: number; room: Promise<Room> } | undefined;
  const room = (): Promise<Room> => {
    if (seen && Date.now() - seen.at <= ROOM_CACHE_MILLISECONDS) return seen.room;
    const looked = lookAtRoom(docker, place.container);
    seen = { at: Date.now(), room: looked };
    // Whoever asks after a failure looks again.
    looked.catch(() => (seen = undefined));
    return looked;
  };

  const must = (answer: HttpAnswer, path: string): HttpAnswer => {
    if (answer.status >= 300)
      throw new AppError('gateway-refused', { path, status: answer.status, reason: answer.body.slice(0, 300) });
    return answer;
  };
  const partTold = async (id: string): Promise<CaddyRoute | undefined> => {
    const { status, body } = await tell('GET', `/id/${id}`);
    return status === 200 ? (JSON.parse(body) as CaddyRoute) : undefined;
  };
  const put = async (route: Route): Promise<void> => {
    const first = `${SERVED}/0`;
    if (!(await partTold(rulesId(route)))) must(await tell('PUT', first, rulesToCaddy(route)), first);
    const path = `/id/${idOf(route)}`;
    const answer = await tell('PATCH', path, toCaddy(route));
    if (answer.status < 300) return;
    const place = before(route);
    must(await tell('PUT', place, toCaddy(route)), place);
  };
  const routes = async (): Promise<Route[]> => {
    return routesIn(JSON.parse(must(await tell('GET', ROUTES), ROUTES).body) as CaddyRoute[]);
  };

  const { forwardKey } = place;
  const https = async (): Promise<Https> => ({ ...((await place.https?.()) ?? NO_HTTPS), forwardKey });
  const ensure = async (): Promise<void> => {
    await ensureContainer(docker, place, https);
    await until(
      async () => ((await tell('GET', '/config/').catch(() => undefined))?.status === 200 ? true : undefined),
      {
        timeoutSeconds: 20,
        late: () => new Unavailable('gateway-unreachable', { container: place.container }),
      },
    );
    await tellHttps(docker, place.container, tell, await https());
  };
  const faults = async (): Promise<string[]> => {
    const found = await docker.container(place.container);
    if (found?.state !== 'running') return [];
    const wanted = await https();
    const held = gatewayFaults(gatewayContainerOf(place, wanted), found);
    // Another image may not know the way in.
    return held.includes('image') || (await isTold(tell, wanted)) ? held : [...held, 'https'];
  };

  return {
    ensure,
    faults,
    async renew() {
      const found = await docker.container(place.container);
      const spec = gatewayContainerOf(place, await https());
      if (found && gatewayFaults(spec, found).length > 0) {
        await assertPortsFree(docker, spec, found);
        const stood = found.settings.networks.filter((network) => network !== names.edgeNetwork());
        await docker.remove(place.container);
        await create(docker, place, https, found.state === 'running' ? stood : []);
      }
      await ensure();
    },
    async certificates() {
      const folder = certificateFolder(await https());
      if (!folder) return { standing: [], refusals: [] };
      const standing = await certificatesIn(docker, place.container, folder);
      return { standing, refusals: await refusalsOf(docker, place.container) };
    },
    served: (name) => servedTo(docker, place.container, name, PORTS.https),
    joinNetwork: (network) => docker.connect(network, place.container),
    leaveNetwork: (network) => docker.disconnect(network, place.container),
    routes,
    async route(domain, path) {
      const told = await partTold(idOf({ domain, path }));
      const rules = told && (await partTold(rulesNamed(told)));
      return told && rules && fromCaddy(told, new Map([[rulesNamed(told), rules]]));
    },
    put,
    async remove(domain, path) {
      const answer = await tell('DELETE', `/id/${idOf({ domain, path })}`);
      if (answer.status >= 300 && !/unknown object/i.test(answer.body)) must(answer, placeOf({ domain, path }));
    },
    async restore(wanted) {
      for (const route of wanted) await put(route);
    },
    freeBytes: async () => (await room()).freeBytes,
    room,
    get: ({ runtime, port, site, gateKey, domain, path, timeoutSeconds, headers, form }) =>
      ask(agentOf(`${runtime}:${port}`), {
        ...posting(form),
        path,
        host: domain,
        timeoutSeconds,
        headers: {
          ...headers,
          ...(form ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
          'X-Siappakai-Site': site,
          'X-Siappakai-Gate': gateKey,
          'X-Siappakai-Operator': gateKey,
          'X-Real-IP': '127.0.0.1',
          'User-Agent': 'siappakai',
        },
      }),
  };
}

/**
 * Where a new route is put: PUT sets it before what stands there. Paths come right behind the head, which finds out who
 * the visitor is; whole domains come last, before what is done for all. So a path always stands before its domain.
 */
const before = ({ path }: RoutePlace): string => (path ? `${ROUTES}/1` : `/id/${SERVE}`);

const posting = (form?: Record<string, string>): { method?: string; body?: string } =>
  form ? { method: 'POST', body: new URLSearchParams(form).toString() } : {};

/** The proxy's container sees the disk of the engine and the memory of the whole server. */
async function lookAtRoom(docker: Docker, container: string): Promise<Room> {
  const disk = await docker.exec(container, ['df', '-B1', '--output=avail,size', '/']);
  const memory = await docker.exec(container, ['cat', '/proc/meminfo']);
  const [freeBytes = NaN, diskBytes = NaN] = disk.stdout.trim().split('\n').at(-1)!.trim().split(/\s+/).map(Number);
  return {
    freeBytes,
    diskBytes,
    availableMemoryBytes: Number(/MemAvailable:\s+(\d+)/.exec(memory.stdout)?.[1]) * 1024,
  };
}

type HttpsNow = () => Promise<Https>;

async function ensureContainer(docker: Docker, place: GatewayPlace, https: HttpsNow): Promise<void> {
  const found = await docker.container(place.container);
  if (found?.state === 'running') return;
  if (!found) await create(docker, place, https);
  await docker.start(place.container);
}

/** Another worker came first: the name is taken from the first word of its call, the container stands a moment later. */
async function untilMade(docker: Docker, { container }: GatewayPlace, error: unknown): Promise<void> {
  if (!(error instanceof Conflict)) throw error;
  const late = (): Error => new Unavailable('gateway-unreachable', { container }, error);
  await until(() => docker.container(container), { timeoutSeconds: 30, everyMilliseconds: 50, late });
}

/** `joined`: networks on which it is already when it begins. */
async function create(docker: Docker, place: GatewayPlace, https: HttpsNow, joined: string[] = []): Promise<void> {
  await docker.ensureNetwork(names.edgeNetwork(), { internal: false, labels: names.labels() });
  for (const volume of Object.values(volumesOf(place.container))) await docker.ensureVolume(volume, names.labels());
  const spec = gatewayContainerOf(place, await https());
  const networks = [...(spec.networks ?? []), ...joined.map((name) => ({ name }))];
  await docker.create({ ...spec, networks }).catch((error: unknown) => untilMade(docker, place, error));
}

import type { Agent } from 'node:http';
import * as names from '#libs/catalog/names.js';
import { AppError, Conflict, Unavailable } from '#libs/core/errors.js';
import type { Secret } from '#libs/core/secret.js';
import { until } from '#libs/core/retry.js';
import { assertStillMine } from '#libs/core/still-mine.js';
import { ask, askAgain, dialAhead, dialledAgent, type HttpAnswer } from '#libs/servers/dialled-http.js';
import type { Docker } from '#libs/servers/docker.js';
import { fromCaddy, idOf, toCaddy, type CaddyRoute } from '../caddy-config.js';
import type { Gateway, Room, Route } from '../gateway-port.js';

export interface GatewayPlace {
  container: string;
  image: string;
  httpPort: number;
  httpAddress: string;
  /** What other gateways of ours prove themselves with to this one. */
  forwardKey?: Secret;
}

const ROUTES = '/config/apps/http/servers/sites/routes';
const ROOM_CACHE_MILLISECONDS = 10_000;

/** Caddy in a container: its admin API is reached only through the engine, on the container's own loopback. */
export function gatewayOn(docker: Docker, place: GatewayPlace): Gateway {
  const socat = (address: string) => (): ReturnType<Docker['dial']> =>
    docker.dial(place.container, ['socat', '-', `TCP:${address}`]);
  // One stream, and one ahead: every change of the configuration ends those in use.
  const admin = dialledAgent(dialAhead(socat('127.0.0.1:2019')), 1);
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

  const tell = async (method: string, path: string, body?: unknown): Promise<HttpAnswer> => {
    assertStillMine();
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers: Record<string, string> = text ? { 'content-type': 'application/json' } : {};
    return askAgain(admin, { method, path, host: '127.0.0.1:2019', headers, body: text, timeoutSeconds: 20 });
  };
  const must = (answer: HttpAnswer, path: string): HttpAnswer => {
    if (answer.status >= 300)
      throw new AppError('gateway-refused', { path, status: answer.status, reason: answer.body.slice(0, 300) });
    return answer;
  };
  const put = async (route: Route): Promise<void> => {
    const path = `/id/${idOf(route.domain)}`;
    const wanted = toCaddy(route, place.forwardKey?.reveal());
    const answer = await tell('PATCH', path, wanted);
    if (answer.status < 300) return;
    must(await tell('PUT', `${ROUTES}/0`, wanted), ROUTES);
  };
  const routes = async (): Promise<Route[]> => {
    const stored = JSON.parse(must(await tell('GET', ROUTES), ROUTES).body) as CaddyRoute[];
    return stored.flatMap((caddy) => fromCaddy(caddy) ?? []);
  };

  return {
    async ensure() {
      await ensureContainer(docker, place);
      await until(
        async () => ((await tell('GET', '/config/').catch(() => undefined))?.status === 200 ? true : undefined),
        {
          timeoutSeconds: 20,
          late: () => new Unavailable('gateway-unreachable', { container: place.container }),
        },
      );
    },
    joinNetwork: (network) => docker.connect(network, place.container),
    leaveNetwork: (network) => docker.disconnect(network, place.container),
    routes,
    async route(domain) {
      const answer = await tell('GET', `/id/${idOf(domain)}`);
      return answer.status === 200 ? fromCaddy(JSON.parse(answer.body) as CaddyRoute) : undefined;
    },
    put,
    async remove(domain) {
      const answer = await tell('DELETE', `/id/${idOf(domain)}`);
      if (answer.status >= 300 && !/unknown object/i.test(answer.body)) must(answer, domain);
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

async function ensureContainer(docker: Docker, place: GatewayPlace): Promise<void> {
  const found = await docker.container(place.container);
  if (found?.state === 'running') return;
  if (!found) await create(docker, place).catch((error: unknown) => untilMade(docker, place, error));
  await docker.start(place.container);
}

/** Another worker came first: the name is taken from the first word of its call, the container stands a moment later. */
async function untilMade(docker: Docker, { container }: GatewayPlace, error: unknown): Promise<void> {
  if (!(error instanceof Conflict)) throw error;
  const late = (): Error => new Unavailable('gateway-unreachable', { container }, error);
  await until(() => docker.container(container), { timeoutSeconds: 30, everyMilliseconds: 50, late });
}

/**
 * With every change the proxy opens its port anew and closes the old socket; the kernel would reset the visitors who
 * had knocked there and were not let in yet (35 of 7,327 new connections during 60 changes). So they move over
 * (Linux 5.14 and later).
 */
const KNOCKING_MOVE_OVER = { 'net.ipv4.tcp_migrate_req': '1' } as const;

async function create(docker: Docker, { container, image, httpPort, httpAddress }: GatewayPlace): Promise<void> {
  const volume = `${container}-config`;
  await docker.ensureNetwork(names.edgeNetwork(), { internal: false, labels: names.labels() });
  await docker.ensureVolume(volume, names.labels());
  await docker.create({
    name: container,
    image,
    labels: names.labels({ 'siappakai.kind': 'gateway' }),
    networks: [{ name: names.edgeNetwork() }],
    mounts: [{ volume, path: '/config' }],
    tmpfs: { '/tmp': 'size=16m', '/data': 'uid=33,gid=33,size=16m' },
    ports: [{ host: httpPort, hostAddress: httpAddress, container: 8080 }],
    sysctls: KNOCKING_MOVE_OVER,
    readOnlyRoot: true,
    memoryMiB: 256,
    pids: 200,
    restart: 'always',
  });
}

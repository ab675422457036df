import * as names from '#libs/catalog/names.js';
import { until } from '#libs/core/retry.js';
import { gatewayOn } from '#libs/gateway/drivers/caddy.js';
import type { Gateway, Route } from '#libs/gateway/gateway-port.js';
import type { Docker } from '#libs/servers/docker.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import { inParallel, seconds } from './measure.js';

const docker = connectEngine('unix:/var/run/docker.sock');

const runtimeOf = (gabungan: string, version: string): string => names.runtime('opensid', version, gabungan);

/** Idle memory of a runtime: after its children have gone. */
export async function memoryOf(gabungan: string, version: string, idle: boolean): Promise<number> {
  if (idle) await new Promise((wake) => setTimeout(wake, 15_000));
  return docker.memoryBytes(runtimeOf(gabungan, version));
}

/** Bytes of all desa's data, counted in a container of its own. */
export async function diskBytes(gabungan: string, version: string): Promise<number> {
  const runtime = runtimeOf(gabungan, version);
  const image = (await docker.container(runtime))!.image;
  const name = `${runtime}-du`;
  await docker.remove(name);
  await docker.create({
    name,
    image,
    entrypoint: ['du'],
    argv: ['-s', '-B1', '/data'],
    mounts: [{ volume: names.dataVolume('opensid', gabungan), path: '/data', readOnly: true }],
    capabilities: ['DAC_OVERRIDE'],
  });
  await docker.start(name);
  await docker.wait(name);
  const text = await docker.logs(name, 1);
  await docker.remove(name);
  return Number(/^\d+/.exec(text)?.[0] ?? NaN);
}

export interface Bare {
  server: string;
  gabungan: string;
  version: string;
  codes: string[];
  domainOf: (code: string) => string;
  parallel: number;
  /** Of a server elsewhere; this machine's when not given. */
  docker?: Docker;
}

const placeOf = ({ server }: Bare) => ({
  container: names.gatewayContainer(server),
  image: names.gatewayImage(),
  httpPort: 8097,
  httpAddress: '127.0.0.1',
});

export async function routesOf(bare: Bare): Promise<Map<string, Route>> {
  const routes = await gatewayOn(bare.docker ?? docker, placeOf(bare)).routes();
  return new Map(routes.map((route) => [route.domain, route]));
}

/** As a script does it: an exec to probe and an exec to switch, for every desa anew. */
export async function switchLoop(bare: Bare): Promise<void> {
  const engine = bare.docker ?? docker;
  const routes = await routesOf(bare);
  await inParallel(bare.codes, bare.parallel, async (code) => {
    const route = routes.get(bare.domainOf(code))!;
    await answers(gatewayOn(engine, placeOf(bare)), route);
    await gatewayOn(engine, placeOf(bare)).put(changed(route));
  });
}

/** A container for every desa, waited for and routed; answers what puts everything back as it was. */
export async function containerLoop(bare: Bare): Promise<() => Promise<void>> {
  const engine = bare.docker ?? docker;
  const gateway = gatewayOn(engine, placeOf(bare));
  const routes = await routesOf(bare);
  const routeOf = (code: string): Route => routes.get(bare.domainOf(code))!;
  await inParallel(bare.codes, bare.parallel, (code) => ownContainer(engine, gateway, bare, routeOf(code)));
  return async () => {
    for (const code of bare.codes) {
      await gateway.put(routeOf(code));
      await engine.remove(`sp-bare-${bare.gabungan}-${routeOf(code).site}`);
    }
  };
}

/** The same outcome by hand, without a record, a lock or a way back: what the product is compared with. */
export async function bareLoops(whole: Bare): Promise<{ containerSeconds: number; switchSeconds: number }> {
  const bare = { ...whole, codes: whole.codes.slice(0, 20) };
  const switching = await seconds(() => switchLoop(bare));
  let putBack = async (): Promise<void> => undefined;
  const containers = await seconds(async () => (putBack = await containerLoop(bare)));
  await putBack();
  return { containerSeconds: containers / bare.codes.length, switchSeconds: switching / bare.codes.length };
}

/** The proxy does nothing when it is told what it knows: a switch must change something. */
const changed = (route: Route): Route => ({ ...route, uploadMiB: route.uploadMiB + 1 });

async function answers(gateway: Gateway, route: Route, runtime?: string): Promise<void> {
  if (typeof route.to !== 'object' || !('runtime' in route.to)) throw new Error('the bench needs a routed desa');
  const to = route.to;
  const look = async (): Promise<true | undefined> => {
    const question = {
      runtime: runtime ?? to.runtime,
      port: to.port,
      gateKey: to.gateKey,
      site: route.site,
      domain: route.domain,
    };
    const answer = await gateway
      .get({ ...question, path: '/index.php/siteman', timeoutSeconds: 10 })
      .catch(() => undefined);
    return answer?.status === 200 ? true : undefined;
  };
  await until(look, {
    timeoutSeconds: 60,
    everyMilliseconds: 20,
    late: () => new Error(`${route.domain} does not answer`),
  });
}

/** A container of its own for one desa, from the same image and settings, waited for and routed. */
async function ownContainer(
  engine: Docker,
  gateway: Gateway,
  { gabungan, version }: Bare,
  route: Route,
): Promise<void> {
  if (typeof route.to !== 'object' || !('runtime' in route.to)) throw new Error('the bench needs a routed desa');
  const shared = runtimeOf(gabungan, version);
  const name = `sp-bare-${gabungan}-${route.site}`;
  await engine.remove(name);
  await engine.create({
    name,
    image: (await engine.container(shared))!.image,
    labels: names.labels({ 'siappakai.gabungan': gabungan }),
    networks: [{ name: names.network(gabungan) }],
    mounts: [
      { volume: names.runtimeConfigVolume(shared), path: '/conf', readOnly: true },
      { volume: names.dataVolume('opensid', gabungan), path: '/data' },
    ],
    tmpfs: { '/run': 'mode=755,size=16m', '/run/ng': 'uid=33,gid=33,mode=700,size=64m' },
    readOnlyRoot: true,
    capabilities: ['SETUID', 'SETGID', 'KILL'],
    pids: 200,
  });
  await engine.start(name);
  await answers(gateway, route, name);
  await gateway.put({ ...route, to: { ...route.to, runtime: name } });
}

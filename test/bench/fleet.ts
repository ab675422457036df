import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import * as names from '#libs/catalog/names.js';
import type { Release, Run } from '#libs/contract/contract.js';
import type { Server } from '#libs/contract/servers.js';
import { connectEngineOver } from '#libs/servers/drivers/engine.js';
import { SshLink } from '#libs/servers/drivers/ssh.js';
import { startControlPlane, type ControlPlane } from '#test/demo/control-plane.js';
import { codesOf, KABUPATEN } from '#test/demo/fleet.js';
import { addStandIn } from '#test/demo/releases.js';
import { enrol } from '#test/demo/servers.js';
import { clearWorld } from '#test/demo/world.js';
import { authorize, startFleet, type Fleet, type FleetServer } from '#test/fleet/fleet.js';
import { containerOf, playbook, type AnsibleDesa } from './ansible.js';
import { containerLoop, routesOf, switchLoop, type Bare } from './bare.js';
import { seconds } from './measure.js';

const FOLDER = resolve('data/bench-fleet');
const [HERE, SERVERS, PARALLEL, PORT] = ['bench-sini', 3, 4, 8096];
const DESA = Number(process.env.BENCH_FLEET_DESA ?? 60);
const IMAGE = 'siappakai/test-server-ansible:1';
const [FIRST, FROM, TO] = ['v2602.0.0', 'v2602.0.1', 'v2602.0.2'] as const;
type Tell = (name: string, value: number, unit: string, limit?: number) => void;

/** One server with a gabungan of its own and its desa. */
interface Part {
  server: FleetServer;
  gabungan: string;
  codes: string[];
  bare: Bare;
}

const domainOf = (code: string): string => `d${code}.bench.test`;

async function build({ client }: ControlPlane, version: string): Promise<string> {
  await addStandIn(client, resolve(FOLDER, 'archives'), version);
  const { items } = await client.get<{ items: Release[] }>('/releases?app=opensid');
  return items.find((release) => release.version === version)!.image!;
}

/** What is asked for all at once, as a rollout does it; a run that does not end done ends the bench. */
async function allDone({ client }: ControlPlane, codes: string[], verb: string, body: object): Promise<void> {
  const begun = codes.map((code) => client.post<Run>(`/desa/${code}/${verb}`, body));
  const ended = await Promise.all((await Promise.all(begun)).map(({ id }) => client.follow(id)));
  const wrong = ended.filter(({ state }) => state !== 'done');
  if (wrong.length > 0) throw new Error(`${wrong.length} of ${ended.length}: ${JSON.stringify(wrong[0]!.problem)}`);
}

async function openParts(plane: ControlPlane, fleet: Fleet, images: string[], links: SshLink[]): Promise<Part[]> {
  const { client } = plane;
  const codes = await codesOf(client, DESA);
  const parts: Part[] = [];
  for (const [at, server] of fleet.servers.entries()) {
    await fleet.load(server, [names.gatewayImage(), names.mariadbImage(), ...images]);
    await enrol(client, KABUPATEN, server);
    // The product's key has taken the place of ours; the bare loops and Ansible need theirs too.
    const { ssh } = await client.get<Server>(`/servers/${server.name}`);
    await authorize(server.name, `${ssh!.publicLine!}\n${server.publicLine}`);
    const gabungan = `bench${at + 1}`;
    await client.finish('/gabungan', { kabupaten: KABUPATEN, server: server.name, name: gabungan });
    const mine = codes.filter((_, index) => index % SERVERS === at);
    for (const code of mine) await client.post('/desa', { code, domain: domainOf(code) });
    const link = new SshLink(await server.login());
    links.push(link);
    const docker = connectEngineOver(link, server.name);
    const bare = { server: server.name, gabungan, version: FROM, codes: mine, domainOf, parallel: PARALLEL, docker };
    parts.push({ server, gabungan, codes: mine, bare });
  }
  await Promise.all(
    parts.map(({ server: { name: server }, gabungan, codes: mine }) =>
      allDone(plane, mine, 'install', { version: FIRST, gabungan, server }),
    ),
  );
  return parts;
}

/** The first desa of each brings its runtime up; the others are timed. */
async function warm(plane: ControlPlane, parts: Part[], version: string): Promise<string[][]> {
  await Promise.all(parts.map(({ codes }) => allDone(plane, codes.slice(0, 1), 'update', { version })));
  return parts.map(({ codes }) => codes.slice(1));
}

/** The playbook's desa: the shared runtime's volumes and network, a container each. */
async function ansibleDesa(
  { server, gabungan, codes, bare }: Part,
  image: string,
  version: string,
): Promise<AnsibleDesa[]> {
  const [routes, runtime] = [await routesOf(bare), names.runtime('opensid', FROM, gabungan)];
  const place = { gateway: names.gatewayContainer(server.name), network: names.network(gabungan) };
  const volumes = { config: names.runtimeConfigVolume(runtime), data: names.dataVolume('opensid', gabungan) };
  return codes.map((code) => {
    const { site, domain, to } = routes.get(domainOf(code))!;
    if (to === 'maintenance' || !('gateKey' in to)) throw new Error('the bench needs a routed desa');
    return { ...place, ...volumes, server, site, domain, gateKey: to.gateKey, image, version: version.slice(1) };
  });
}

async function playAnsible(parts: Part[], images: readonly string[]): Promise<number> {
  const desaOf = async (image: string, version: string): Promise<AnsibleDesa[]> =>
    (await Promise.all(parts.map((part) => ansibleDesa(part, image, version)))).flat();
  const [, from = '', to = ''] = images;
  const folder = resolve(FOLDER, 'ansible');
  const [before, after] = [await desaOf(from, FROM), await desaOf(to, TO)];
  await playbook(folder, before);
  const spent = await seconds(() => playbook(folder, after));
  for (const { bare, server } of parts)
    for (const { site } of after.filter((one) => one.server === server)) await bare.docker!.remove(containerOf(site));
  return spent;
}

async function measure(plane: ControlPlane, parts: Part[], images: string[], tell: Tell): Promise<void> {
  const first = await warm(plane, parts, FROM);
  const alone = await seconds(() => allDone(plane, first[0]!, 'update', { version: FROM }));
  await allDone(plane, first.slice(1).flat(), 'update', { version: FROM });
  const timed = (await warm(plane, parts, TO)).flat();
  const together = await seconds(() => allDone(plane, timed, 'update', { version: TO }));
  const bares = parts.map(({ bare, codes }) => ({ ...bare, version: TO, codes: codes.slice(1) }));
  const switching = await seconds(() => Promise.all(bares.map(switchLoop)));
  const putBack: (() => Promise<void>)[] = [];
  const containers = await seconds(() =>
    Promise.all(bares.map(async (bare) => putBack.push(await containerLoop(bare)))),
  );
  for (const act of putBack) await act();
  const cores = availableParallelism();
  tell('cores of this machine, on which all three servers run', cores, '');
  tell(`${timed.length} desa on ${SERVERS} servers, code only`, together, 's');
  tell('the same by a bare loop, probe and switch', switching, 's');
  tell('the same by a bare loop, a container per desa', containers, 's');
  tell('fleet / bare loop, probe and switch', together / switching, 'x', 1.5);
  tell('fleet / bare loop, a container per desa', together / containers, 'x', 0.5);
  tell('three servers at once / one of them alone', together / alone, 'x', cores >= 8 ? 1.2 : undefined);
  // It takes all desa; those of the warm-up are few.
  const ansible = (await playAnsible(parts, images)) * (timed.length / DESA);
  tell('the same by an Ansible playbook, forks = 20', ansible, 's');
  tell('fleet / Ansible', together / ansible, 'x');
}

/** 60 stand-in desa on three central servers, beside what a script or a playbook needs for the same. */
export async function benchFleet(tell: Tell): Promise<void> {
  const fleet = await startFleetForAnsible();
  await clearWorld(FOLDER, HERE, HERE);
  const links: SshLink[] = [];
  const environment = { DATABASE_URL: '', REDIS_URL: '', WORKER_CONCURRENCY: String(SERVERS * PARALLEL) };
  const plane = await startControlPlane(FOLDER, PORT, environment);
  try {
    await plane.client.post('/kabupaten', { code: KABUPATEN });
    const here = { kabupaten: KABUPATEN, name: HERE, httpPort: 8097, httpAddress: '127.0.0.1' };
    await plane.client.post('/servers', here);
    const images = [];
    for (const version of [FIRST, FROM, TO]) images.push(await build(plane, version));
    await measure(plane, await openParts(plane, fleet, images, links), images, tell);
  } finally {
    for (const link of links) await link.close();
    await plane.stop();
    await fleet.end();
    await clearWorld(FOLDER, HERE, HERE);
  }
}

async function startFleetForAnsible(): Promise<Fleet> {
  await promisify(execFile)(process.execPath, ['docker/setup.mjs', 'test-server']);
  await promisify(execFile)('docker', ['build', '--tag', IMAGE, 'test/bench/ansible']);
  return startFleet(SERVERS, 'sp-bench-fleet', { image: IMAGE });
}

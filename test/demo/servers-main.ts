import { resolve } from 'node:path';
import * as names from '#libs/catalog/names.js';
import type { Release } from '#libs/contract/contract.js';
import { startFleet, type Fleet, type FleetServer } from '#test/fleet/fleet.js';
import { startControlPlane, type ControlPlane } from './control-plane.js';
import { codesOf, KABUPATEN } from './fleet.js';
import { probe, visit } from './prober.js';
import { addStandIn } from './releases.js';
import { enrol } from './servers.js';
import { clearWorld } from './world.js';

/** `npm run demo -- --servers 3`: central servers over SSH, each enrolled by the product and with desa of its own. */
const FOLDER = resolve('data/demo-servers');
const PORT = Number(process.env.DEMO_PORT ?? 8080);
const [HERE, PREFIX, FROM, TO, EACH] = ['demo-sini', 'sp-demo', 'v2602.0.0', 'v2602.0.1', 2];
const domainOf = (code: string): string => `d${code}.demo.test`;
const began = Date.now();
const tell = (text: string): void => console.log(`[${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s] ${text}`);

interface Stand {
  server: FleetServer;
  codes: string[];
}

const count = (): number => {
  const wanted = Number(process.argv[process.argv.indexOf('--servers') + 1]);
  return Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, 9) : 3;
};

/** Built on this machine, and put on every server. */
async function release({ client }: ControlPlane, fleet: Fleet, version: string): Promise<void> {
  tell(
    `release ${version} of the stand-in application (aplikasi contoh), built here, to ${fleet.servers.length} servers`,
  );
  await addStandIn(client, resolve(FOLDER, 'archives'), version);
  const { items } = await client.get<{ items: Release[] }>('/releases?app=opensid');
  const { image } = items.find((one) => one.version === version)!;
  for (const server of fleet.servers) await fleet.load(server, [image!]);
}

async function open({ client }: ControlPlane, fleet: Fleet): Promise<Stand[]> {
  const codes = await codesOf(client, EACH * fleet.servers.length);
  const stands: Stand[] = [];
  for (const [at, server] of fleet.servers.entries()) {
    tell(`${server.name} at ${server.user}@${server.host}: host key confirmed, key pasted, check-list`);
    await fleet.load(server, [names.gatewayImage(), names.mariadbImage()]);
    await enrol(client, KABUPATEN, server);
    await client.finish('/gabungan', { kabupaten: KABUPATEN, server: server.name, name: `demo${at + 1}` });
    const mine = codes.slice(at * EACH, (at + 1) * EACH);
    for (const code of mine) await client.post('/desa', { code, domain: domainOf(code) });
    stands.push({ server, codes: mine });
  }
  return stands;
}

async function updateAll({ client }: ControlPlane, stands: Stand[]): Promise<Record<string, unknown>[]> {
  const probers = stands.map(({ server: { host }, codes }) =>
    probe({ host, port: 80 }, codes.map(domainOf), '/index.php/siteman', 10),
  );
  const update = (code: string): Promise<unknown> => client.finish(`/desa/${code}/update`, { version: TO });
  await Promise.all(stands.flatMap(({ codes }) => codes.map(update)));
  const lines: Record<string, unknown>[] = [];
  for (const [at, { server, codes }] of stands.entries()) {
    const probed = await probers[at]!.stop();
    for (const code of codes) {
      const { body, status } = await visit({ host: server.host, port: 80 }, domainOf(code), '/index.php/siteman');
      const { asked, failed } = probed.get(domainOf(code))!;
      const version = /login-footer-bottom[^]*?v?(\d{4}\.\d+\.\d+)/.exec(body)?.[1] ?? `none (${status})`;
      lines.push({
        server: server.name,
        desa: code,
        'version observed': version,
        'requests failed': `${failed} of ${asked}`,
      });
    }
  }
  return lines;
}

async function play(plane: ControlPlane, fleet: Fleet): Promise<boolean> {
  const { client } = plane;
  await client.post('/kabupaten', { code: KABUPATEN });
  await client.post('/servers', { kabupaten: KABUPATEN, name: HERE, httpPort: 8081, httpAddress: '127.0.0.1' });
  await release(plane, fleet, FROM);
  const stands = await open(plane, fleet);
  tell(`${EACH} desa on each server`);
  await Promise.all(
    stands.flatMap(({ codes }, at) =>
      codes.map((code) => client.finish(`/desa/${code}/install`, { version: FROM, gabungan: `demo${at + 1}` })),
    ),
  );
  await release(plane, fleet, TO);
  tell('all are updated at once while every site is asked 10 times a second');
  const lines = await updateAll(plane, stands);
  console.table(lines);
  return lines.every(
    (line) => line['version observed'] === TO.slice(1) && /^0 of/.test(String(line['requests failed'])),
  );
}

export async function serversDemo(): Promise<void> {
  tell('clearing what an earlier demo left, and starting the servers');
  await clearWorld(FOLDER, HERE, HERE);
  const fleet = await startFleet(count(), PREFIX);
  const plane = await startControlPlane(FOLDER, PORT, { DATABASE_URL: '', REDIS_URL: '', WORKER_CONCURRENCY: '12' });
  const end = async (code: number): Promise<never> => {
    await plane.stop();
    await fleet.end();
    await clearWorld(FOLDER, HERE, HERE);
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(130));
  try {
    const isGood = await play(plane, fleet);
    console.log(`console: ${plane.url}   user: admin   password (shown once): ${plane.adminPassword}`);
    if (process.argv.includes('--exit')) await end(isGood ? 0 : 1);
    tell(isGood ? 'stays up until Ctrl-C' : 'something is not as it should be: see the table; stays up until Ctrl-C');
  } catch (error) {
    console.error(error);
    await end(1);
  }
}

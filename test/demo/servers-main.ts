import { resolve } from 'node:path';
import { startFleet, type Fleet, type FleetServer } from '#test/fleet/fleet.js';
import { startControlPlane, type ControlPlane } from './control-plane.js';
import { codesOf, KABUPATEN } from './fleet.js';
import { probe, visit } from './prober.js';
import { addStandIn } from './releases.js';
import { enrol } from './servers.js';
import { tell } from './stage.js';
import { clearWorld } from './world.js';

/** `npm run demo -- --servers 3`: central servers over SSH, enrolled and equipped by the product; desa on each share one merged database. */
const FOLDER = resolve('data/demo-servers');
const PORT = Number(process.env.DEMO_PORT ?? 8080);
const [HERE, GABUNGAN, PREFIX, FROM, TO, EACH] = ['demo-sini', 'demo-armada', 'sp-demo', 'v2602.0.0', 'v2602.0.1', 2];
const domainOf = (code: string): string => `d${code}.demo.test`;

interface Stand {
  server: FleetServer;
  codes: string[];
}

const count = (): number => {
  const wanted = Number(process.argv[process.argv.indexOf('--servers') + 1]);
  return Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, 9) : 3;
};

/** Built on this machine; the product brings it to each server when a desa there first needs it. */
function release({ client }: ControlPlane, version: string): Promise<void> {
  tell(`release ${version} of the stand-in application (aplikasi contoh), built here`);
  return addStandIn(client, resolve(FOLDER, 'archives'), version);
}

/** One gabungan for all: on the first of them, reached from the others by an encrypted way. */
async function open({ client }: ControlPlane, fleet: Fleet): Promise<Stand[]> {
  const codes = await codesOf(client, EACH * fleet.servers.length);
  const stands: Stand[] = [];
  for (const [at, server] of fleet.servers.entries()) {
    tell(`${server.name} at ${server.user}@${server.host}: host key confirmed, key pasted, check-list, our images`);
    await enrol(client, KABUPATEN, server);
    const mine = codes.slice(at * EACH, (at + 1) * EACH);
    for (const code of mine) await client.post('/desa', { code, domain: domainOf(code) });
    stands.push({ server, codes: mine });
  }
  const { name } = fleet.servers[0]!;
  tell(`one merged MariaDB on ${name}`);
  await client.finish('/gabungan', { kabupaten: KABUPATEN, server: name, name: GABUNGAN });
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
  await release(plane, FROM);
  const stands = await open(plane, fleet);
  tell(`${EACH} desa on each server`);
  await Promise.all(
    stands.flatMap(({ server, codes }) =>
      codes.map((code) => client.finish(`/desa/${code}/install`, { version: FROM, server: server.name })),
    ),
  );
  await release(plane, TO);
  tell('all are updated at once while every site is asked 10 times a second');
  const lines = await updateAll(plane, stands);
  console.table(lines);
  return lines.every(
    (line) => line['version observed'] === TO.slice(1) && /^0 of/.test(String(line['requests failed'])),
  );
}

export async function serversDemo(): Promise<void> {
  tell('clearing what an earlier demo left, and starting the servers');
  await clearWorld(FOLDER, HERE, GABUNGAN);
  const fleet = await startFleet(count(), PREFIX);
  const plane = await startControlPlane(FOLDER, PORT, { DATABASE_URL: '', REDIS_URL: '', WORKER_CONCURRENCY: '12' });
  const end = async (code: number): Promise<never> => {
    await plane.stop();
    await fleet.end();
    await clearWorld(FOLDER, HERE, GABUNGAN);
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

import { connect } from 'node:net';
import { request } from 'node:http';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import * as names from '#libs/catalog/names.js';
import { newId } from '#libs/core/ids.js';
import { seal } from '#libs/core/seal.js';
import { connectEngineOver } from '#libs/servers/drivers/engine.js';
import { SshLink } from '#libs/servers/drivers/ssh.js';
import type { Docker } from '#libs/servers/docker.js';
import { startFleet, type Fleet, type FleetServer } from '#test/fleet/fleet.js';
import { openWholeWorld, type WholeWorld } from './whole-world.js';

/** A gabungan on this machine, and one more server from which nothing leads to it yet. */
export interface FarWorld extends WholeWorld {
  fleet: Fleet;
  server: FleetServer;
  serverId: string;
  far: Docker;
  /** Where the server reaches this machine. */
  address: string;
  /** The page of a desa as a visitor of the far server gets it. */
  visit(domain: string): Promise<string>;
  addDesa(code: string): Promise<WholeWorld['desa'][0]>;
}

/** Whatever a gabungan's desa need there is loaded by hand. */
export async function openFarWorld(prefix: string): Promise<FarWorld> {
  const [world, fleet] = await Promise.all([openWholeWorld(), startFleet(1, prefix)]);
  const server = fleet.servers[0]!;
  const { image } = await world.release('v2602.0.0');
  await fleet.load(server, [names.gatewayImage(), names.wayImage(), image!, names.mariadbImage()]);
  const link = new SshLink(await server.login());
  const serverId = await enrolled(world, server);
  return {
    ...world,
    ...{ fleet, server, serverId, far: connectEngineOver(link, server.name) },
    address: server.host.replace(/\.\d+$/, '.1'),
    visit: (domain) => pageOf(server.host, domain),
    addDesa: (code) => addDesa(world, code),
    async close() {
      await link.close();
      await world.close();
      await fleet.end();
    },
  };
}

/** As the check-list would leave it. */
async function enrolled({ db, workshop, gabunganId }: WholeWorld, server: FleetServer): Promise<string> {
  const id = newId();
  const { hostKey } = await server.login();
  await db.query(
    `INSERT INTO server (id, kabupaten_id, name, address, http_port, ssh_key, ssh_public_line, host_key, enrolled_at)
     SELECT $1, kabupaten_id, $2, $3, 80, $4, $5, $6, now() FROM gabungan WHERE id = $7`,
    [
      ...[id, server.name, `ssh://petugas@${server.host}:22`, seal(workshop.config.keyRing, server.key)],
      ...[server.publicLine, hostKey, gabunganId],
    ],
  );
  return id;
}

async function addDesa({ db, gabunganId, name }: WholeWorld, code: string): Promise<WholeWorld['desa'][0]> {
  const one = { id: newId(), code, domain: `d${code}.${name}.test` };
  await db.query(
    `INSERT INTO desa (id, kabupaten_id, code, name, kecamatan_code, kecamatan_name, domain)
     SELECT $1, kabupaten_id, $2, $3, $4, 'Payakumbuh', $5 FROM gabungan WHERE id = $6`,
    [one.id, code, `Jauh ${code.slice(-1)}`, code.slice(0, 6), one.domain, gabunganId],
  );
  return one;
}

const pageOf = (host: string, domain: string): Promise<string> =>
  new Promise((done, failed) => {
    const at = { host, port: 80, path: '/index.php/siteman', headers: { host: domain }, timeout: 10_000 };
    const call = request(at, (answer) => {
      let text = '';
      answer.on('data', (part: Buffer) => (text += part.toString()));
      answer.on('end', () => done(`${answer.statusCode} ${text}`));
    });
    call.on('error', failed);
    call.end();
  });

/** What a port says by itself within two seconds; undefined when nobody listens. */
export const hears = (host: string, port: number): Promise<Buffer | undefined> =>
  new Promise((done) => {
    const socket = connect({ host, port });
    const parts: Buffer[] = [];
    const end = (heard?: Buffer) => {
      socket.destroy();
      done(heard);
    };
    socket.once('error', () => end(undefined));
    socket.once('connect', () => setTimeout(() => end(Buffer.concat(parts)), 2000));
    socket.on('data', (part: Buffer) => parts.push(part));
  });

/** What greets behind TLS with these papers; empty when they are refused. */
export const greeting = (host: string, port: number, papers: ConnectionOptions): Promise<string> =>
  new Promise((done) => {
    const socket = connectTls({ host, port, rejectUnauthorized: false, ...papers });
    let text = '';
    const end = () => {
      socket.destroy();
      done(text);
    };
    socket.on('data', (part: Buffer) => (text += part.toString('latin1')));
    socket.once('error', end);
    socket.once('close', end);
    setTimeout(end, 2000);
  });

import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { join } from 'node:path';
import * as names from '#libs/catalog/names.js';
import type { RunWithSteps } from '#libs/contract/contract.js';
import { newId } from '#libs/core/ids.js';
import { addGabungan } from '#libs/gabungan/gabungan.service.js';
import { Github } from '#libs/releases/github.js';
import { ReleasesService } from '#libs/releases/releases.service.js';
import { RunsService } from '#libs/runs/runs.service.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import type { Docker, ExecResult } from '#libs/servers/docker.js';
import { readApps } from '#libs/templates/read-app.js';
import { authorize, startFleet, type Fleet, type FleetServer } from '#test/fleet/fleet.js';
import { makeRelease } from '#test/fixtures/apps/opensid-contoh/make-release.js';
import { startExternalMariadb, type ExternalMariadb } from './external-mariadb.js';
import { openSshWorld, type SshWorld } from './ssh-world.js';

const ALL = { kabupatenIds: 'all' as const };
export const VERSION = 'v2602.0.0';

export interface Desa {
  id: string;
  code: string;
  site: string;
  domain: string;
}

/** Two servers of the test fleet, a MariaDB that both reach, and a gabungan on the first of them. */
export interface MoveWorld {
  ssh: SshWorld;
  fleet: Fleet;
  one: FleetServer;
  two: FleetServer;
  gabungan: string;
  runtime: string;
  docker(server: FleetServer): Promise<Docker>;
  install(code: string, name: string): Promise<Desa>;
  ask(verb: string, desa: Desa, input?: object): Promise<string>;
  take(id: string): Promise<RunWithSteps>;
  run(verb: string, desa: Desa, input?: object): Promise<RunWithSteps>;
  log(runId: string): Promise<string[]>;
  /** argv as the desa itself, in its runtime. */
  as(desa: Desa, server: FleetServer, argv: string[]): Promise<ExecResult>;
  uidOf(desa: Desa): Promise<number>;
  serverOf(desa: Desa): Promise<string>;
  close(): Promise<void>;
}

export async function openMoveWorld(prefix: string): Promise<MoveWorld> {
  const [fleet, ssh] = await Promise.all([startFleet(2, prefix), openSshWorld()]);
  const [one, two] = fleet.servers as [FleetServer, FleetServer];
  const here = connectEngine('unix:/var/run/docker.sock');
  const external = await startExternalMariadb(here);
  const gabungan = `m${randomBytes(3).toString('hex')}`;
  try {
    await here.connect(`${prefix}-net`, external.container);
    for (const server of [one, two]) await fleet.load(server, [names.gatewayImage()]);
    for (const server of [one, two]) await enrol(ssh, server);
    const host = (await here.container(external.container))!.addresses[`${prefix}-net`]!;
    return await furnish({ ssh, fleet, one, two, gabungan }, { ...external, host });
  } catch (error) {
    await closeAll(ssh, fleet, external);
    throw error;
  }
}

async function enrol(ssh: SshWorld, server: FleetServer): Promise<void> {
  await ssh.add(server);
  await ssh.run('check', server.name);
  await ssh.trust(server.name);
  await authorize(server.name, (await ssh.show(server.name)).ssh!.publicLine!);
  await must(ssh.run('enrol', server.name));
}

async function must(ending: Promise<RunWithSteps>): Promise<void> {
  const { verb, state, problem } = await ending;
  if (state !== 'done' || problem) throw new Error(`${verb} ended ${state}: ${JSON.stringify(problem)}`);
}

async function closeAll(ssh: SshWorld, fleet: Fleet, external: ExternalMariadb): Promise<void> {
  await ssh.close();
  await external.remove();
  await fleet.end();
}

/** The release is built on this machine's engine and put into both servers. */
async function buildRelease({ db, workshop, kabupatenId, ...ssh }: SshWorld): Promise<{ image: string }> {
  const { config } = workshop;
  const serverId = newId();
  await db.query(
    `INSERT INTO server (id, kabupaten_id, name, address, http_port, http_address) VALUES ($1, $2, $3, 'unix:/var/run/docker.sock', $4, '127.0.0.1')`,
    [serverId, kabupatenId, `b${randomBytes(3).toString('hex')}`, 20000 + Math.floor(Math.random() * 20000)],
  );
  const github = new Github(db, config.githubApi, undefined);
  const releases = new ReleasesService(db, readApps(config.templatesFolder), config, github);
  const { id } = await releases.add({
    app: 'opensid',
    path: await makeRelease(VERSION, join(config.dataFolder, 'made')),
  });
  const runs = new RunsService(db, { ring: async () => undefined });
  const subject = {
    subjectKind: 'release' as const,
    subjectId: id,
    subjectLabel: VERSION,
    kabupatenId,
    app: 'opensid',
  };
  const run = await runs.start(ALL, { verb: 'build', ...subject, input: { serverId }, askedBy: 'uji' });
  await ssh.processor.take(run.id);
  await must(ssh.runOf(run.id));
  const { docker, gateway: _, name } = await workshop.server(serverId);
  await docker.remove(names.gatewayContainer(name));
  for (const volume of [names.gatewayVolume(name), names.certificateVolume(name)]) await docker.removeVolume(volume);
  // It was for building alone: nobody is to be placed on it.
  await db.query(`UPDATE server SET drain_reason = 'membangun' WHERE id = $1`, [serverId]);
  return { image: (await releases.findById(id)).image! };
}

type Parts = Pick<MoveWorld, 'ssh' | 'fleet' | 'one' | 'two' | 'gabungan'>;

async function furnish({ ssh, fleet, one, two, gabungan }: Parts, external: ExternalMariadb): Promise<MoveWorld> {
  const { db, workshop, processor, kabupatenId } = ssh;
  const { image } = await buildRelease(ssh);
  for (const server of [one, two]) await fleet.load(server, [image]);
  const serverId = (await ssh.show(one.name)).id;
  const { host, port, user, password } = external;
  const wanted = { kabupatenId, serverId, name: gabungan, edition: 'umum' as const };
  const at = { host, port, user, password: password.reveal() };
  const gabunganId = await addGabungan(db, workshop.config.keyRing, { ...wanted, external: at });
  const created = await ssh.ask('create', { kind: 'gabungan', id: gabunganId });
  await processor.take(created);
  await must(ssh.runOf(created));

  const runs = new RunsService(db, { ring: async () => undefined });
  const runtime = names.runtime('opensid', VERSION, gabungan);
  const docker = async (server: FleetServer): Promise<Docker> =>
    (await workshop.server((await ssh.show(server.name)).id)).docker;
  const ask: MoveWorld['ask'] = async (verb, { id, code }, input = {}) => {
    const subject = { subjectKind: 'desa' as const, subjectId: id, subjectLabel: code, kabupatenId, app: 'opensid' };
    return (await runs.start(ALL, { verb, ...subject, input: { ...input }, askedBy: 'uji' })).id;
  };
  const take: MoveWorld['take'] = async (id) => {
    await processor.take(id);
    return ssh.runOf(id);
  };
  const run: MoveWorld['run'] = async (verb, desa, input) => take(await ask(verb, desa, input));
  const uidOf: MoveWorld['uidOf'] = async ({ id }) =>
    ((await db.query('SELECT uid FROM installation WHERE desa_id = $1', [id])) as [{ uid: number }])[0].uid;
  return {
    ...{ ssh, fleet, one, two, gabungan, runtime, docker, ask, take, run, uidOf },
    async install(code, name) {
      const desa = { id: newId(), code, site: names.site(code), domain: `d${code}.${gabungan}.test` };
      await db.query(
        `INSERT INTO desa (id, kabupaten_id, code, name, kecamatan_code, kecamatan_name, domain) VALUES ($1, $2, $3, $4, $5, 'Payakumbuh', $6)`,
        [desa.id, kabupatenId, code, name, code.slice(0, 6), desa.domain],
      );
      await must(run('install', desa, { version: VERSION, server: one.name }));
      return desa;
    },
    log: async (runId) => (await runs.log(ALL, runId)).map(({ level, line }) => `${level} ${line}`),
    as: async (desa, server, argv) => {
      const uid = await uidOf(desa);
      return (await docker(server)).exec(runtime, argv, { user: `${uid}:${uid}` });
    },
    serverOf: async ({ id }) =>
      (
        (await db.query('SELECT s.name FROM installation i JOIN server s ON s.id = i.server_id WHERE i.desa_id = $1', [
          id,
        ])) as [{ name: string }]
      )[0].name,
    close: () => closeAll(ssh, fleet, external),
  };
}

export interface Page {
  status: number;
  body: string;
}

/** A visitor whose DNS leads to this server. */
export const visit = (host: string, domain: string, path = '/index.php/siteman'): Promise<Page> =>
  new Promise((resolve, reject) => {
    const call = request(
      { host, port: 80, path, headers: { host: domain }, agent: false, timeout: 30_000 },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }),
        );
      },
    );
    call.on('timeout', () => call.destroy(new Error('timeout')));
    call.on('error', reject);
    call.end();
  });

/** Asks again and again until stopped; answers how often each status was seen (0: no answer at all). */
export function watch(host: string, domain: string): { stop(): Promise<Record<string, number>> } {
  const seen: Record<string, number> = {};
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      const { status } = await visit(host, domain).catch(() => ({ status: 0 }));
      seen[status] = (seen[status] ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return {
    async stop() {
      isOver = true;
      await asking;
      return seen;
    },
  };
}

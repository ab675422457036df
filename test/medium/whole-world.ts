import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DataSource } from 'typeorm';
import { carryWith } from '../../apps/worker/carry.js';
import { RunProcessor } from '../../apps/worker/run.processor.js';
import { Workshop } from '../../apps/worker/tools.js';
import * as names from '#libs/catalog/names.js';
import type { Config } from '#libs/config/config.js';
import type { RunWithSteps } from '#libs/contract/contract.js';
import { newId } from '#libs/core/ids.js';
import { openDatabase } from '#libs/database/database.js';
import { startPostgres } from '#libs/database/embedded.js';
import type { Gabungan } from '#libs/gabungan/gabungan-port.js';
import { addGabungan } from '#libs/gabungan/gabungan.service.js';
import { Github } from '#libs/releases/github.js';
import { ReleasesService, type ReleaseRow } from '#libs/releases/releases.service.js';
import { RunsService } from '#libs/runs/runs.service.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import type { Docker } from '#libs/servers/docker.js';
import { readApps } from '#libs/templates/read-app.js';
import { clearWorld } from '#test/demo/world.js';
import { makeRelease } from '#test/fixtures/apps/opensid-contoh/make-release.js';

const ALL = { kabupatenIds: 'all' as const };

/** A worker's hands on a real PostgreSQL, a real engine and one gabungan with two stand-in desa of v2602.0.0. */
export interface WholeWorld {
  db: DataSource;
  docker: Docker;
  workshop: Workshop;
  gabungan: Gabungan;
  gabunganId: string;
  /** Short name of the gabungan. */
  name: string;
  desa: { id: string; code: string; domain: string }[];
  release(version: string): Promise<ReleaseRow>;
  /** Carries one run to its end. */
  run(
    verb: string,
    subject: { kind: 'gabungan' | 'desa'; id: string },
    input?: Record<string, unknown>,
  ): Promise<RunWithSteps>;
  /** A run of the gabungan towards a release, with the first desa as its canary. */
  towards(verb: string, version: string, more?: Record<string, unknown>): Promise<RunWithSteps>;
  log(runId: string): Promise<string>;
  close(): Promise<void>;
}

const configOf = (dataFolder: string): Config => ({
  databaseUrl: undefined,
  redisUrl: undefined,
  port: 0,
  bind: '127.0.0.1',
  publicUrl: undefined,
  leaseSeconds: 15,
  dataFolder,
  keyRing: new Map([['k1', Buffer.alloc(32, 7)]]),
  templatesFolder: resolve('templates'),
  githubApi: 'http://127.0.0.1:1',
  githubToken: undefined,
  maximumArchiveBytes: 2 ** 30,
  minimumFreeBytes: 1,
  workerConcurrency: 2,
});

export async function openWholeWorld(): Promise<WholeWorld> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'whole-'));
  await chmod(dataFolder, 0o711);
  const postgres = await startPostgres({ folder: join(dataFolder, 'postgres') });
  const db = await openDatabase(postgres.url);
  const config = configOf(dataFolder);
  const apps = readApps(config.templatesFolder);
  const workshop = new Workshop(db, config);
  const processor = new RunProcessor(db, carryWith(workshop, apps), { name: 'test', concurrency: 2 });
  const runs = new RunsService(db, { ring: async () => undefined });
  const releases = new ReleasesService(db, apps, config, new Github(db, config.githubApi, undefined));
  const name = `u${randomBytes(3).toString('hex')}`;
  const server = `s${name}`;
  const docker = connectEngine('unix:/var/run/docker.sock');
  const [kabupatenId, serverId] = [newId(), newId()];
  await db.query(
    `INSERT INTO kabupaten (id, code, name, provinsi_code, provinsi_name) VALUES ($1, '1307', 'Lima Puluh Kota', '13', 'Sumatera Barat')`,
    [kabupatenId],
  );
  await db.query(
    `INSERT INTO server (id, kabupaten_id, name, address, http_port, http_address) VALUES ($1, $2, $3, 'unix:/var/run/docker.sock', $4, '127.0.0.1')`,
    [serverId, kabupatenId, server, 20000 + Math.floor(Math.random() * 20000)],
  );
  const gabunganId = await addGabungan(db, config.keyRing, { kabupatenId, serverId, name, edition: 'umum' });

  const start = async (
    verb: string,
    subject: { kind: 'gabungan' | 'desa' | 'release'; id: string },
    input: Record<string, unknown>,
  ) => {
    const run = await runs.start(ALL, {
      verb,
      subjectKind: subject.kind,
      subjectId: subject.id,
      subjectLabel: subject.kind,
      kabupatenId,
      app: 'opensid',
      input,
      askedBy: 'uji',
    });
    await processor.take(run.id);
    return runs.show(ALL, run.id);
  };
  const release: WholeWorld['release'] = async (version) => {
    const known = (await releases.list()).find((row) => row.version === version && row.state === 'built');
    if (known) return known;
    const path = await makeRelease(version, join(dataFolder, 'made'));
    const { id } = await releases.add({ app: 'opensid', path });
    await must(start('build', { kind: 'release', id }, { serverId }));
    return releases.findById(id);
  };
  const desa: WholeWorld['desa'] = [];
  const install = async (code: string, label: string): Promise<void> => {
    const one = { id: newId(), code, domain: `d${code}.${name}.test` };
    await db.query(
      `INSERT INTO desa (id, kabupaten_id, code, name, kecamatan_code, kecamatan_name, domain) VALUES ($1, $2, $3, $4, $5, 'Payakumbuh', $6)`,
      [one.id, kabupatenId, code, label, code.slice(0, 6), one.domain],
    );
    await must(start('install', { kind: 'desa', id: one.id }, { version: 'v2602.0.0' }));
    desa.push(one);
  };

  await must(start('create', { kind: 'gabungan', id: gabunganId }, {}));
  await release('v2602.0.0');
  await install('1307012001', 'Kurai');
  await install('1307012002', 'Batu Payung');
  return {
    db,
    docker,
    workshop,
    gabungan: await workshop.openGabungan(gabunganId),
    gabunganId,
    name,
    desa,
    release,
    run: (verb, subject, input = {}) => start(verb, subject, input),
    async towards(verb, version, more = {}) {
      const { id } = await release(version);
      const input = { releaseId: id, version, app: 'opensid', mode: 'rolling', canary: desa[0]!.id, ...more };
      return start(verb, { kind: 'gabungan', id: gabunganId }, input);
    },
    log: async (runId) =>
      (await runs.log(ALL, runId)).map(({ level, step, line }) => `${level} ${step ?? ''} ${line}`).join('\n'),
    async close() {
      await workshop.close();
      await db.destroy();
      await postgres.stop();
      await clearWorld(dataFolder, server, name);
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

async function must(ending: Promise<RunWithSteps>): Promise<void> {
  const run = await ending;
  if (run.state !== 'done')
    throw new Error(
      `${run.verb} ended ${run.state}: ${JSON.stringify(run.problem)} ${JSON.stringify(run.steps.at(-1))}`,
    );
}

/** Everything on the engine that a copy of this gabungan would leave. */
export async function leftOf({ docker, name }: WholeWorld): Promise<string[]> {
  const containers = (await docker.containers({ 'siappakai.managed': 'yes' })).map((one) => one.name);
  const volumes = await docker.volumes({});
  return [...containers, ...volumes].filter((one) => one.includes(`${name}-copy-`));
}

export const containerOf = ({ name }: WholeWorld): string => names.gabunganContainer(name);

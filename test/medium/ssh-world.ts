import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DataSource } from 'typeorm';
import { FleetQuery } from '../../apps/api/fleet.query.js';
import { FleetRecords } from '../../apps/api/fleet-records.js';
import { carryWith } from '../../apps/worker/carry.js';
import { RunProcessor } from '../../apps/worker/run.processor.js';
import { Workshop } from '../../apps/worker/tools.js';
import type { Config } from '#libs/config/config.js';
import type { RunWithSteps } from '#libs/contract/contract.js';
import type { Server } from '#libs/contract/servers.js';
import { newId } from '#libs/core/ids.js';
import { Secret } from '#libs/core/secret.js';
import { openDatabase } from '#libs/database/database.js';
import { startPostgres } from '#libs/database/embedded.js';
import { RunsService } from '#libs/runs/runs.service.js';
import { readApps } from '#libs/templates/read-app.js';
import type { FleetServer } from '#test/fleet/fleet.js';

const ALL = { kabupatenIds: 'all' as const };
export const who = { username: 'uji', scope: ALL } as never;

/** The api's records and a worker's hands over a real PostgreSQL, for servers of the test fleet. */
export interface SshWorld {
  db: DataSource;
  workshop: Workshop;
  processor: RunProcessor;
  kabupatenId: string;
  add(server: FleetServer, user?: string): Promise<Server>;
  show(name: string): Promise<Server>;
  trust(name: string, fingerprint?: string): Promise<void>;
  givePassword(name: string, password: Secret): Promise<void>;
  /** Starts a run without anybody taking it. */
  ask(verb: string, subject: { kind: 'server' | 'gabungan' | 'release'; id: string }, input?: object): Promise<string>;
  /** Asks and carries a run to where it ends or waits. */
  run(verb: string, name: string, input?: object): Promise<RunWithSteps>;
  runOf(id: string): Promise<RunWithSteps>;
  close(): Promise<void>;
}

export async function openSshWorld(): Promise<SshWorld> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'ssh-'));
  const postgres = await startPostgres({ folder: join(dataFolder, 'postgres') });
  const db = await openDatabase(postgres.url);
  const config = {
    ...{ dataFolder, keyRing: new Map([['k1', Buffer.alloc(32, 9)]]), templatesFolder: resolve('templates') },
    ...{ leaseSeconds: 15, minimumFreeBytes: 1, maximumArchiveBytes: 2 ** 30, workerConcurrency: 4 },
    githubApi: 'http://127.0.0.1:1',
  } as unknown as Config;
  const workshop = new Workshop(db, config);
  const carry = carryWith(workshop, readApps(config.templatesFolder));
  const processor = new RunProcessor(db, carry, { name: 'uji', concurrency: 4 });
  const runs = new RunsService(db, { ring: async () => undefined });
  const [query, records] = [new FleetQuery(db), new FleetRecords(db, config.keyRing)];
  const kabupatenId = newId();
  await db.query(
    `INSERT INTO kabupaten (id, code, name, provinsi_code, provinsi_name) VALUES ($1, '1307', 'Lima Puluh Kota', '13', 'Sumatera Barat')`,
    [kabupatenId],
  );
  const show = (name: string): Promise<Server> => query.server(ALL, name);
  const ask: SshWorld['ask'] = async (verb, { kind, id }, input = {}) => {
    const subject = { subjectKind: kind, subjectId: id, subjectLabel: kind, kabupatenId };
    return (await runs.start(ALL, { verb, ...subject, input: { ...input }, askedBy: 'uji' })).id;
  };
  const runOf = (id: string): Promise<RunWithSteps> => runs.show(ALL, id);
  return {
    ...{ db, workshop, processor, kabupatenId, show, ask, runOf },
    add: async ({ name, host, port }, user = 'petugas') => {
      const ssh = `${user}@${host}:${port}`;
      await records.addServer(who, {
        kabupatenId,
        name,
        ssh,
        httpPort: 80,
        httpAddress: '0.0.0.0',
        httpsPort: 443,
        httpsAddress: '0.0.0.0',
      });
      return show(name);
    },
    trust: async (name, fingerprint) => {
      const server = await show(name);
      await records.trustServer(who, server, fingerprint ?? server.ssh!.hostKeyShown!);
    },
    givePassword: async (name, password) => records.keepPassword(await show(name), password),
    run: async (verb, name, input) => {
      const id = await ask(verb, { kind: 'server', id: (await show(name)).id }, input);
      await processor.take(id);
      return runOf(id);
    },
    close: async () => {
      processor.close();
      await workshop.close();
      await db.destroy();
      await postgres.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

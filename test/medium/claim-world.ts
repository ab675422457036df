import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { newId } from '#libs/core/ids.js';
import { openDatabase } from '#libs/database/database.js';
import { startPostgres } from '#libs/database/embedded.js';
import { insertInstallation } from '#libs/provisioning/choose.js';
import { RunsService } from '#libs/runs/runs.service.js';

export const ALL = { kabupatenIds: 'all' as const };
export const RING = new Map([['k1', Buffer.alloc(32, 9)]]);

export interface At {
  serverId: string;
  gabunganId: string;
}

/** Records of servers and desa in a real PostgreSQL, for workers that only claim. */
export interface ClaimWorld {
  folder: string;
  db: DataSource;
  runs: RunsService;
  /** With a gabungan on it. */
  addServer(name: string): Promise<At>;
  addDesa(): Promise<string>;
  install(desaId: string, at: At, input?: Record<string, unknown>, runId?: string): Promise<string>;
  ask(verb: string, kind: 'desa' | 'server', subjectId: string, input?: Record<string, unknown>): Promise<string>;
  /** So many updates of desa that stand on one server. */
  updates(of: At, many: number): Promise<string[]>;
  close(): Promise<void>;
}

const app = { app: 'opensid', site: { uidBase: 10_000 } } as never;

export async function openClaimWorld(): Promise<ClaimWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'siappakai-claims-'));
  const postgres = await startPostgres({ folder: join(folder, 'postgres') });
  const db = await openDatabase(postgres.url);
  const runs = new RunsService(db, { ring: async () => undefined });
  const kabupatenId = newId();
  await db.query(
    `INSERT INTO kabupaten (id, code, name, provinsi_code, provinsi_name) VALUES ($1, '1307', 'A', '13', 'B')`,
    [kabupatenId],
  );
  let count = 0;
  const world: ClaimWorld = {
    ...{ folder, db, runs },
    async addServer(name) {
      const [serverId, gabunganId] = [newId(), newId()];
      await db.query(`INSERT INTO server (id, kabupaten_id, name, address) VALUES ($1, $2, $3, 'unix:/x')`, [
        serverId,
        kabupatenId,
        name,
      ]);
      await db.query(
        `INSERT INTO gabungan (id, kabupaten_id, server_id, name, edition, host, database_name, admin_user, admin_password,
           owner_user, owner_password, reader_user, reader_password) VALUES ($1, $2, $3, $4, 'umum', 'x', 'x', '', '', '', '', '', '')`,
        [gabunganId, kabupatenId, serverId, name],
      );
      return { serverId, gabunganId };
    },
    async addDesa() {
      const [id, code] = [newId(), String(1307012000 + (count += 1))];
      await db.query(
        `INSERT INTO desa (id, kabupaten_id, code, name, kecamatan_code, kecamatan_name, domain) VALUES ($1, $2, $3, $3, '130701', 'K', $3)`,
        [id, kabupatenId, code],
      );
      return id;
    },
    install: (subjectId, at, input = {}, runId = newId()) =>
      db.transaction((manager) => {
        const run = { runId, kabupatenId, subjectId, input } as never;
        return insertInstallation(manager, RING, run, app, { ...at, judged: [] });
      }),
    async ask(verb, subjectKind, subjectId, input = {}) {
      const wanted = { verb, subjectKind, subjectId, subjectLabel: subjectId, kabupatenId, app: 'opensid', input };
      return (await runs.start(ALL, { ...wanted, askedBy: 'uji' })).id;
    },
    async updates(of, many) {
      const ids: string[] = [];
      for (let at = 0; at < many; at += 1) {
        const desaId = await world.addDesa();
        await world.install(desaId, of);
        ids.push(await world.ask('update', 'desa', desaId));
      }
      return ids;
    },
    async close() {
      await db.destroy();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return world;
}

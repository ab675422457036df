import type { DataSource, EntityManager } from 'typeorm';
import { record } from '#libs/audit/audit.service.js';
import * as names from '#libs/catalog/names.js';
import { Conflict } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import { randomPassword, seal, type KeyRing } from '#libs/core/seal.js';
import { Secret } from '#libs/core/secret.js';
import type { Asker } from './who.js';

export interface ServerWanted {
  kabupatenId: string;
  name: string;
  httpPort: number;
  httpAddress: string;
}
export interface GabunganWanted {
  kabupatenId: string;
  serverId: string;
  name: string;
  edition: 'umum' | 'premium';
  external?: { host: string; port: number; user: string; password: string };
}

/** This machine's own engine; servers over SSH come later. */
const LOCAL_ENGINE = 'unix:/var/run/docker.sock';

/** Rows of servers and gabungan, before the worker makes them true. */
export class FleetRecords {
  constructor(
    private readonly db: DataSource,
    private readonly ring: KeyRing,
  ) {}

  async addServer(who: Asker, { kabupatenId, name, httpPort, httpAddress }: ServerWanted): Promise<void> {
    const row = { id: newId(), kabupatenId, name, address: LOCAL_ENGINE, httpPort, httpAddress };
    await this.db.transaction(async (manager) => {
      const rows = (await manager.query(
        `INSERT INTO server (id, kabupaten_id, name, address, http_port, http_address) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (name) DO NOTHING RETURNING id`,
        Object.values(row),
      )) as unknown[];
      if (rows.length === 0) throw new Conflict('server-taken', { name });
      await record(manager, { actor: who.username, kabupatenId, action: 'server.add', subject: name, after: row });
    });
  }

  /** A gabungan whose creation failed may be asked for again: its row, and so its passwords, stay. */
  async addGabungan(who: Asker, wanted: GabunganWanted): Promise<string> {
    return this.db.transaction(async (manager) => {
      const [known] = (await manager.query(
        'SELECT id, kabupaten_id AS "kabupatenId", state FROM gabungan WHERE name = $1',
        [wanted.name],
      )) as {
        id: string;
        kabupatenId: string;
        state: string;
      }[];
      if (known && (known.state === 'running' || known.kabupatenId !== wanted.kabupatenId))
        throw new Conflict('gabungan-taken', { name: wanted.name });
      return known?.id ?? this.insertGabungan(manager, who, wanted);
    });
  }

  private async insertGabungan(
    manager: EntityManager,
    who: Asker,
    { kabupatenId, serverId, name, edition, external }: GabunganWanted,
  ): Promise<string> {
    const id = newId();
    const container = external ? null : names.gabunganContainer(name);
    const place = {
      container,
      host: external?.host ?? container,
      port: external?.port ?? 3306,
      database: names.gabunganDatabase(name),
    };
    const accounts = [
      external?.user ?? 'root',
      external ? seal(this.ring, new Secret(external.password)) : this.fresh(),
      names.ownerAccount(name),
      this.fresh(),
      names.readerAccount(name),
      this.fresh(),
    ];
    await manager.query(
      `INSERT INTO gabungan (id, kabupaten_id, server_id, name, edition, state, container, host, port, database_name,
         admin_user, admin_password, owner_user, owner_password, reader_user, reader_password)
       VALUES ($1, $2, $3, $4, $5, 'absent', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
      [id, kabupatenId, serverId, name, edition, ...Object.values(place), ...accounts],
    );
    await record(manager, {
      actor: who.username,
      kabupatenId,
      action: 'gabungan.add',
      subject: name,
      after: { edition, ...place },
    });
    return id;
  }

  private fresh(): string {
    return seal(this.ring, randomPassword());
  }
}

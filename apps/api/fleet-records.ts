import type { DataSource } from 'typeorm';
import { record } from '#libs/audit/audit.service.js';
import { Conflict } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import type { KeyRing } from '#libs/core/seal.js';
import { addGabungan, readdress, type NewGabungan } from '#libs/gabungan/gabungan.service.js';
import type { Asker } from './who.js';

export interface ServerWanted {
  kabupatenId: string;
  name: string;
  httpPort: number;
  httpAddress: string;
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

  /** A gabungan whose creation failed may be asked for again: its row, and so its own passwords, stay. */
  async addGabungan(who: Asker, wanted: NewGabungan): Promise<string> {
    const { name, kabupatenId, edition, serverId } = wanted;
    const [known] = (await this.db.query(
      `SELECT id FROM gabungan WHERE name = $1 AND kabupaten_id = $2 AND server_id = $3 AND state <> 'running'`,
      [name, kabupatenId, serverId],
    )) as { id: string }[];
    if (known) {
      if (wanted.external) await readdress(this.db, this.ring, known.id, wanted.external);
      return known.id;
    }
    const id = await addGabungan(this.db, this.ring, wanted);
    await record(this.db.manager, {
      actor: who.username,
      kabupatenId,
      action: 'gabungan.add',
      subject: name,
      after: { edition, serverId },
    });
    return id;
  }
}

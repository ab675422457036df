import type { DataSource } from 'typeorm';
import { record } from '#libs/audit/audit.service.js';
import { Conflict } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import { seal, type KeyRing } from '#libs/core/seal.js';
import type { Secret } from '#libs/core/secret.js';
import type { Server } from '#libs/contract/servers.js';
import { CLOSED } from '#libs/servers/circuit.js';
import { LOCAL_ENGINE, sshAddressOf, sshAddressText } from '#libs/servers/ssh-address.js';
import { addGabungan, readdress, type NewGabungan } from '#libs/gabungan/gabungan.service.js';
import type { Asker } from './who.js';

export interface ServerWanted {
  kabupatenId: string;
  name: string;
  httpPort: number;
  httpAddress: string;
  httpsPort: number;
  httpsAddress: string;
  /** `user@host:port`; without it, this machine. */
  ssh?: string;
  /** Where other servers reach it. */
  internalAddress?: string;
}

/** This machine's own engine. */

/** Rows of servers and gabungan, before the worker makes them true. */
export class FleetRecords {
  constructor(
    private readonly db: DataSource,
    private readonly ring: KeyRing,
  ) {}

  async addServer(who: Asker, { kabupatenId, name, ssh, ...where }: ServerWanted): Promise<void> {
    const address = ssh === undefined ? LOCAL_ENGINE : sshAddressText(sshAddressOf(ssh));
    const { httpPort, httpAddress, httpsPort, httpsAddress, internalAddress = null } = where;
    const ports = { httpPort, httpAddress, httpsPort, httpsAddress };
    const row = { id: newId(), kabupatenId, name, address, ...ports, internalAddress };
    await this.db.transaction(async (manager) => {
      const rows = (await manager.query(
        `INSERT INTO server (id, kabupaten_id, name, address, http_port, http_address, https_port, https_address, internal_address)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (name) DO NOTHING RETURNING id`,
        Object.values(row),
      )) as unknown[];
      if (rows.length === 0) throw new Conflict('server-taken', { name });
      await record(manager, { actor: who.username, kabupatenId, action: 'server.add', subject: name, after: row });
    });
  }

  /** A person has compared the fingerprint: from here on it is the only one that is spoken to. */
  async trustServer(who: Asker, { id, name, kabupatenId, ssh }: Server, fingerprint: string): Promise<void> {
    if (!ssh) throw new Conflict('server-not-ssh', { name });
    const { hostKey, hostKeyShown: shown } = ssh;
    if (shown === null) throw new Conflict('host-key-unread', { server: name });
    if (shown !== fingerprint) throw new Conflict('host-key-differs', { server: name, typed: fingerprint, shown });
    const actor = who.username;
    await this.db.transaction(async (manager) => {
      await manager.query('UPDATE server SET host_key = $2, circuit = $3, problem = NULL WHERE id = $1', [
        id,
        fingerprint,
        JSON.stringify(CLOSED),
      ]);
      const change = { before: { hostKey }, after: { hostKey: fingerprint } };
      await record(manager, { actor, kabupatenId, action: 'server.trust', subject: name, ...change });
    });
  }

  /** The ways that lead there take it up with the next run of one of their desa. */
  async setInternalAddress(who: Asker, { id, name, kabupatenId, internalAddress }: Server, address: string | null) {
    await this.db.transaction(async (manager) => {
      await manager.query('UPDATE server SET internal_address = $2 WHERE id = $1', [id, address]);
      const change = { before: { internalAddress }, after: { internalAddress: address } };
      const action = 'server.internal-address';
      await record(manager, { actor: who.username, kabupatenId, action, subject: name, ...change });
    });
  }

  /** Used once by the next enrolment, and gone in an hour whatever happens. */
  async keepPassword({ id }: Server, password: Secret): Promise<void> {
    await this.db.query(
      `UPDATE server SET ssh_password = $2, ssh_password_until = now() + interval '1 hour' WHERE id = $1`,
      [id, seal(this.ring, password)],
    );
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

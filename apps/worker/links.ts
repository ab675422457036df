import type { DataSource } from 'typeorm';
import { Conflict } from '#libs/core/errors.js';
import type { KeyRing } from '#libs/core/seal.js';
import type { Berth } from '#libs/images/ship.js';
import { outsideOfLease } from '#libs/core/still-mine.js';
import { connectEngineOver } from '#libs/servers/drivers/engine.js';
import { SshLink } from '#libs/servers/drivers/ssh.js';
import type { SshLogin } from '#libs/servers/drivers/ssh-login.js';
import { findSshServer, keyPairOf, type SshServer } from '#libs/servers/ssh-server.js';

/** One connection per server over SSH, opened by the first who needs it and kept. */
export class Links {
  private readonly links = new Map<string, Promise<SshLink>>();

  constructor(
    private readonly db: DataSource,
    private readonly ring: KeyRing,
  ) {}

  /** Also of a server that has not passed its check-list yet. Throws `host-key-unconfirmed`, `ssh-key-missing`. */
  of(id: string): Promise<SshLink> {
    const known = this.links.get(id);
    if (known) return known;
    const opened = this.open(id);
    this.links.set(id, opened);
    opened.catch(() => this.links.delete(id));
    return opened;
  }

  /** Work goes only to servers that have passed. Throws `server-not-enrolled`. */
  async berth(id: string): Promise<Berth> {
    const server = await findSshServer(this.db, id);
    if (!server.enrolledAt) throw new Conflict('server-not-enrolled', { name: server.name });
    return berthOver(await this.of(id), server.name);
  }

  /** Its address, its key or its host key may have changed: the next one who asks opens it anew. */
  async forget(id: string): Promise<void> {
    const link = await this.links.get(id)?.catch(() => undefined);
    this.links.delete(id);
    await link?.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.links.keys()].map((id) => this.forget(id)));
  }

  private async open(id: string): Promise<SshLink> {
    return new SshLink(await this.loginNow(id), undefined, () => outsideOfLease(() => this.loginNow(id)));
  }

  private async loginNow(id: string): Promise<SshLogin> {
    const server = await findSshServer(this.db, id);
    const { privateKey: key } = await keyPairOf(this.db, this.ring, server);
    return { ...loginOf(server), key };
  }
}

/** Images come to it through the same connection. */
export const berthOver = (link: SshLink, server: string): Berth => ({
  server,
  docker: connectEngineOver(link, server),
  reverse: (receive) => link.reverse(0, receive),
});

/** Nobody logs in to a server whose host key no person has confirmed. */
export function loginOf({ name, user, host, port, hostKey }: SshServer): Omit<SshLogin, 'key' | 'password'> {
  if (hostKey === null) throw new Conflict('host-key-unconfirmed', { server: name, shown: null });
  return { server: name, user, host, port, hostKey };
}

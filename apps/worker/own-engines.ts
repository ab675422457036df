import { existsSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { NoPlace } from '#libs/core/errors.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';

const SILENT_MILLISECONDS = 60_000;

interface OwnServer {
  id: string;
  address: string;
  engine: string | null;
}

/**
 * Servers behind a socket of this machine: no worker on another machine can reach them, and a socket of the same name
 * there is another server. A server belongs to the engine that the first worker found behind its socket.
 */
export class OwnEngines {
  private readonly ids = new Map<string, string>();
  /** Those that did not answer are not asked by every sweep. */
  private readonly silentUntil = new Map<string, number>();

  constructor(private readonly db: DataSource) {}

  /** Those that are here, or may be: nobody has opened them yet, or their engine does not answer now. */
  async servers(): Promise<string[]> {
    const rows = (await this.db.query(
      `SELECT id, address, engine FROM server WHERE address LIKE 'unix:%'`,
    )) as OwnServer[];
    const are = await Promise.all(rows.map((row) => this.isMine(row)));
    return rows.filter((_, at) => are[at]).map(({ id }) => id);
  }

  private async isMine({ address, engine }: OwnServer): Promise<boolean> {
    if (!existsSync(address.replace(/^unix:/, ''))) return false;
    if (engine === null || (this.silentUntil.get(address) ?? 0) > Date.now()) return true;
    const id = await this.idOf(address).catch(
      () => void this.silentUntil.set(address, Date.now() + SILENT_MILLISECONDS),
    );
    return id === undefined || id === engine;
  }

  /** Asked before it is worked on. Throws `NoPlace('server-elsewhere')`, and `Away` when it does not answer. */
  async own({ id, name, address }: { id: string; name: string; address: string }): Promise<void> {
    const engine = await this.idOf(address);
    const [rows] = (await this.db.query(
      'UPDATE server SET engine = COALESCE(engine, $2) WHERE id = $1 RETURNING engine',
      [id, engine],
    )) as [{ engine: string }[], number];
    if (rows[0]?.engine !== engine) throw new NoPlace('server-elsewhere', { server: name });
  }

  private async idOf(address: string): Promise<string> {
    const known = this.ids.get(address);
    if (known) return known;
    const docker = connectEngine(address);
    // The one question that has an end when nobody answers.
    await docker.ping();
    const { id } = await docker.facts();
    this.ids.set(address, id);
    return id;
  }
}

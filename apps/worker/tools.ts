import { hash } from 'bcryptjs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import type { BackupStore } from '#libs/backups/backup-folder.js';
import * as names from '#libs/catalog/names.js';
import type { Config } from '#libs/config/config.js';
import { systemClock } from '#libs/core/clock.js';
import { Away, NotFound } from '#libs/core/errors.js';
import type { Gabungan, GabunganAddress } from '#libs/gabungan/gabungan-port.js';
import { addressOf, recordCharset } from '#libs/gabungan/gabungan.service.js';
import { createGabungan } from '#libs/gabungan/drivers/create.js';
import { openGabungan } from '#libs/gabungan/drivers/mariadb.js';
import { gatewayOn } from '#libs/gateway/drivers/caddy.js';
import { forwardKeyOf } from '#libs/gateway/forward-key.js';
import type { Gateway } from '#libs/gateway/gateway-port.js';
import type { HttpsSettings } from '#libs/gateway/https.js';
import { httpsOf } from '#libs/gateway/https-records.js';
import { sweepCommands, sweepOneOffs, sweepRuntimes } from '#libs/provisioning/leftovers.js';
import { pgRecords } from '#libs/provisioning/pg-records.js';
import type { DesaTarget, Tools } from '#libs/provisioning/target.js';
import type { Journal } from '#libs/runs/journal.js';
import { runtimesOn } from '#libs/runtimes/drivers/runtimes.js';
import type { Docker } from '#libs/servers/docker.js';
import { recordAnswered, recordAway, takeProbes } from '#libs/servers/circuits.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import type { Berth } from '#libs/images/ship.js';
import { isSsh } from '#libs/servers/ssh-address.js';
import { desaBackups } from './desa-backups.js';
import { gabunganBackups } from './gabungan-backups.js';
import { Links } from './links.js';
import { sweepWaysOf, wayFor } from './ways.js';
import { Stock } from './stock.js';
import { OwnEngines } from './own-engines.js';

export interface ServerTools {
  name: string;
  address: string;
  docker: Docker;
  gateway: Gateway;
  /** As these settings want it, which are not recorded. */
  gatewayWith(settings: HttpsSettings): Gateway;
  /** The same engine, as images come to it. */
  berth: Berth;
}

/** The composition root: opens engines, proxies and databases, and keeps the engines open per server. */
export class Workshop {
  private readonly servers = new Map<string, Promise<ServerTools>>();
  private readonly watched = new Map<string, Promise<ServerTools>>();
  private readonly gabungan = new Map<string, { at: string; docker: Docker; pool: Gabungan }>();
  /** The connections to servers over SSH. */
  readonly links: Links;
  readonly stock: Stock;
  /** Servers on this machine itself. */
  readonly ownEngines: OwnEngines;

  constructor(
    readonly db: DataSource,
    readonly config: Config,
  ) {
    this.links = new Links(db, config.keyRing);
    this.stock = new Stock(db, async (id) => (await this.watch(id)).berth);
    this.ownEngines = new OwnEngines(db);
  }

  server(id: string): Promise<ServerTools> {
    const known = this.servers.get(id);
    if (known) return known;
    const opened = this.openServer(id);
    this.servers.set(id, opened);
    opened.catch(() => this.servers.delete(id));
    return opened;
  }

  /** Its engine, asked first: one that was opened long ago may have fallen silent, and must not hold a run. */
  async awake(id: string): Promise<Docker> {
    try {
      const { docker, name } = await this.server(id);
      await docker.ping();
      await recordAnswered(this.db, name);
      return docker;
    } catch (error) {
      if (error instanceof Away) await this.doubt(id, error);
      throw error;
    }
  }

  /** What is wrong with the way there may have been changed in its row: it is read anew. */
  private async doubt(id: string, { code }: Away): Promise<void> {
    if (code === 'server-unreachable') return;
    this.servers.delete(id);
    this.watched.delete(id);
    await this.links.forget(id);
  }

  /** Asks the servers whose turn it is; work that waited for one that answers is found by the next sweep. */
  async probe(): Promise<void> {
    const ask = async ({ id, name }: { id: string; name: string }): Promise<void> => {
      await this.awake(id).catch(async (error: unknown) => {
        if (error instanceof Away) await recordAway(this.db, name, error);
      });
    };
    await Promise.all((await takeProbes(this.db, await this.ownEngines.servers())).map(ask));
  }

  private async openServer(id: string): Promise<ServerTools> {
    const tools = await this.watch(id);
    await tools.docker.ping();
    if (!isSsh(tools.address)) await this.ownEngines.own({ id, ...tools });
    await this.stock.equip(id, tools.berth);
    await tools.gateway.ensure();
    return tools;
  }

  /** For who only looks: nothing is started, nothing is asked yet. Kept, as the proxy's streams are. */
  watch(id: string): Promise<ServerTools> {
    const known = this.watched.get(id);
    if (known) return known;
    const opened = this.reach(id);
    this.watched.set(id, opened);
    opened.catch(() => this.watched.delete(id));
    return opened;
  }

  private async reach(id: string): Promise<ServerTools> {
    const [row] = (await this.db.query(
      'SELECT name, address, http_port AS "httpPort", http_address AS "httpAddress" FROM server WHERE id = $1',
      [id],
    )) as {
      name: string;
      address: string;
      httpPort: number;
      httpAddress: string;
    }[];
    if (!row) throw new NotFound('server-unknown', { name: id });
    const { name, address, httpPort, httpAddress } = row;
    const berth = isSsh(address) ? await this.links.berth(id) : { server: name, docker: connectEngine(address, name) };
    const { docker } = berth;
    const place = { container: names.gatewayContainer(name), image: names.gatewayImage(), httpPort, httpAddress };
    const forwardKey = forwardKeyOf(this.config.keyRing, id);
    const gatewayWith = (settings?: HttpsSettings): Gateway =>
      gatewayOn(docker, { ...place, forwardKey, https: () => httpsOf(this.db, this.config.keyRing, id, settings) });
    return { name, address, docker, berth, gateway: gatewayWith(), gatewayWith };
  }

  /** What workers left that were killed between the end of a run and its tidying; one server that is away stops no other. */
  async sweepLeftovers(): Promise<void> {
    const mine = await this.ownEngines.servers();
    const servers = (await this.db.query(
      `SELECT id FROM server WHERE circuit->>'state' = 'closed' AND (address NOT LIKE 'unix:%' OR id = ANY ($1))`,
      [mine],
    )) as { id: string }[];
    for (const { id } of servers) await this.sweepServer(id).catch(() => undefined);
    await this.stock.registry.tidy().catch(() => undefined);
  }

  /** Ways that nobody uses any more are closed, those whose papers are due get new ones. */
  async sweepWays(): Promise<void> {
    const servers = (await this.db.query('SELECT DISTINCT server_id AS id FROM way')) as { id: string }[];
    for (const { id } of servers) await sweepWaysOf(this, id).catch(() => undefined);
  }

  private async sweepServer(id: string): Promise<void> {
    const { docker, gateway } = await this.server(id);
    const runtimes = runtimesOn(docker, gateway);
    await sweepRuntimes(this.db, id, runtimes);
    await sweepOneOffs(this.db, docker, runtimes);
    await sweepCommands(docker);
  }

  /**
   * One pool per gabungan, kept; it finds its way back after the database was away. Another one once the address or an
   * account was changed, by whichever worker.
   */
  async openGabungan(id: string): Promise<Gabungan> {
    const { address, serverId } = await this.addressOf(id);
    const at = digestOf(address);
    const { docker } = await this.server(serverId);
    const known = this.gabungan.get(id);
    // One that was opened over a link that is closed by now never answers again.
    if (known?.at === at && known.docker === docker) return known.pool;
    const pool = openGabungan(address, docker);
    this.gabungan.set(id, { at, docker, pool });
    await known?.pool.close();
    return pool;
  }

  addressOf(id: string): ReturnType<typeof addressOf> {
    return addressOf(this.db, this.config.keyRing, id);
  }

  networkOf(gabungan: string): string {
    return names.network(gabungan);
  }

  store(): BackupStore {
    const { dataFolder, keyRing, minimumFreeBytes } = this.config;
    return { root: join(dataFolder, 'backups'), ring: keyRing, minimumFreeBytes };
  }

  async toolsFor(target: DesaTarget, journal: Journal): Promise<Tools> {
    const docker = await this.awake(target.server.id);
    const { gateway } = await this.server(target.server.id);
    const gabungan = await this.openGabungan(target.gabungan.id);
    const runtimes = runtimesOn(docker, gateway);
    const { address } = await this.addressOf(target.gabungan.id);
    const { far, way } = await wayFor(this, target, docker);
    await docker.ensureNetwork(target.runtime.network, { internal: true, labels: names.labels() });
    await gateway.joinNetwork(target.runtime.network);
    return {
      docker,
      images: this.stock.imagesOf(target.server.id),
      gateway,
      gatewayOf: async (serverId) => (await this.server(serverId)).gateway,
      way,
      runtimes,
      gabungan,
      backups: desaBackups({ db: this.db, store: this.store(), gabungan, runtimes }),
      wholeBackups: gabunganBackups({ db: this.db, ...far, store: this.store(), gabungan, address }),
      shapeDatabase: async () => {
        const { id, charset, collation } = target.gabungan;
        await createGabungan(far.docker, address, { charset, collation });
        await recordCharset(this.db, id, charset, collation);
      },
      records: pgRecords(this.db, this.config.keyRing),
      minimumFreeBytes: this.config.minimumFreeBytes,
      hashPassword: (password) => hash(password.reveal(), 10),
      clock: systemClock,
      say: (level, line, step) => journal.say(level, line, step),
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.gabungan.values()].map(({ pool }) => pool.close()));
    await this.links.close();
  }
}

/** Tells whether two addresses are the same, without keeping their passwords. */
function digestOf({ name, container, host, port, database, admin, owner, reader }: GabunganAddress): string {
  const accounts = [admin, owner, reader].flatMap(({ user, password }) => [user, password.reveal()]);
  const words = [name, container ?? '', host, String(port), database, ...accounts];
  return createHash('sha256').update(words.join('\0')).digest('hex');
}

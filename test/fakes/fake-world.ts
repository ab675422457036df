import { AppError, Unavailable } from '#libs/core/errors.js';
import { Secret } from '#libs/core/secret.js';
import { leadsTo, type Gateway, type Route } from '#libs/gateway/gateway-port.js';
import type { Gabungan, Parameters, Row } from '#libs/gabungan/gabungan-port.js';
import type { Runtimes, RuntimeSpec } from '#libs/runtimes/runtime-port.js';
import type { Docker } from '#libs/servers/docker.js';
import type { Images } from '#libs/images/images-port.js';
import type { Records } from '#libs/provisioning/records.js';
import type { DesaTarget, Tools } from '#libs/provisioning/target.js';
import type { Way } from '#libs/provisioning/way-port.js';
import { Calls } from './calls.js';
import { fakeBackups, fakeWholeBackups } from './fake-backups.js';

/** A server, a merged database and the record, as plain data that can be compared. */
export interface World {
  accounts: string[];
  rows: { id: number; key: string; code: string; complete: boolean }[];
  tables: string[];
  migrated: string[];
  folders: Record<string, string>;
  runtimes: Record<string, string[]>;
  /** By runtime: in what its container is not the one wanted. */
  faults: Record<string, string[]>;
  routes: Record<string, string>;
  placed: Record<string, string | null>;
  backups: string[];
  /** Throw-away servers of whole backups. */
  copies: string[];
  /** Open ways of servers to this gabungan. */
  ways: string[];
  /** Ids of images on the server. */
  images: string[];
}

export const emptyWorld = (): World => ({
  accounts: [],
  rows: [],
  tables: [],
  migrated: [],
  folders: {},
  runtimes: {},
  faults: {},
  routes: {},
  placed: {},
  backups: [],
  copies: [],
  ways: [],
  images: [],
});

const toOf = (text: string): Route['to'] => {
  const [, server, port] = /^(.+):(\d+)$/.exec(text) ?? [];
  return server ? { server, port: Number(port), key: 'forward' } : { runtime: text, port: 8080, gateKey: 'gate' };
};

/** Tools over a world; every call counts, and may be told to fail. */
export class FakeTools {
  private readonly act: Calls['act'];

  constructor(
    readonly world: World,
    private readonly target: DesaTarget,
    calls = new Calls(),
  ) {
    this.act = calls.act;
  }

  tools(): Tools {
    return {
      docker: {
        ping: () => this.act(() => ({})),
        image: () => this.act(() => ({ id: 'image' })),
      } as unknown as Docker,
      images: this.images(),
      gateway: this.gateway() as Gateway,
      gatewayOf: async () => this.gateway() as Gateway,
      way: this.way(),
      runtimes: this.runtimes() as Runtimes,
      gabungan: this.gabungan() as Gabungan,
      backups: fakeBackups(this.world, this.target, this.act),
      wholeBackups: fakeWholeBackups(this.world, this.target, this.act),
      records: this.records(),
      minimumFreeBytes: 1,
      shapeDatabase: () => this.act(() => undefined),
      hashPassword: async () => 'hash',
      clock: { now: () => new Date(0), sleep: async () => {} },
      say: async () => {},
    };
  }

  private gateway(): Partial<Gateway> {
    const { world } = this;
    return {
      freeBytes: () => this.act(() => 10),
      room: () => this.act(() => ({ freeBytes: 10, diskBytes: 20, availableMemoryBytes: 10 })),
      route: (domain) =>
        this.act(() => (world.routes[domain] === undefined ? undefined : this.routeOf(domain, world.routes[domain]))),
      put: (route) => this.act(() => void (world.routes[route.domain] = leadsTo(route.to))),
      remove: (domain) => this.act(() => void delete world.routes[domain]),
      routes: () => this.act(() => Object.entries(world.routes).map(([domain, to]) => this.routeOf(domain, to))),
      get: ({ runtime, site }) => this.act(() => this.answer(runtime, site)),
    };
  }

  private routeOf = (domain: string, runtime: string): Route => ({
    domain,
    site: this.target.site.site,
    to: runtime === 'maintenance' ? runtime : toOf(runtime),
    deny: [],
    uploadMiB: 25,
  });

  /** The application: registers or migrates when the one-off is asked, else shows its name and version. */
  private answer(runtime: string, site: string): { status: number; body: string; headers: Record<string, string> } {
    const { world, target } = this;
    if (!world.runtimes[runtime]?.includes(site)) return { status: 502, body: '', headers: {} };
    const key = world.folders[site] ?? '';
    this.assertReached();
    if (runtime.endsWith('-one')) {
      if (world.tables.length === 0) world.tables = ['config', 'setting'];
      const row = world.rows.find((candidate) => candidate.key === key);
      if (!row) world.rows.push({ id: world.rows.length + 1, key, code: '', complete: true });
      if (!world.migrated.includes(target.release.databaseVersion!))
        world.migrated.push(target.release.databaseVersion!);
      return { status: 200, body: '', headers: {} };
    }
    return { status: 200, body: `title=Kurai;version=${runtime}`, headers: {} };
  }

  private images(): Images {
    const { world } = this;
    return {
      holds: ({ imageId }) => this.act(() => world.images.includes(imageId ?? '')),
      bring: ({ imageId }) => this.act(() => void (world.images = [...new Set([...world.images, imageId ?? ''])])),
    };
  }

  /** A container is made of an image that is there. */
  private needImage({ version }: RuntimeSpec): void {
    if (!this.world.images.includes(`id:${version}`))
      throw new AppError('engine-refused', { reason: version, status: 404 });
  }

  private runtimes(): Partial<Runtimes> {
    const { world } = this;
    return {
      ensure: (spec, sites) =>
        this.act(() => {
          this.needImage(spec);
          world.runtimes[spec.name] ??= sites.map(({ site }) => site);
        }),
      lastWords: () => this.act(() => ''),
      isLive: ({ name }) => this.act(() => name in world.runtimes),
      isRunning: (name) => this.act(() => name in world.runtimes),
      faults: ({ name }) => this.act(() => world.faults[name] ?? []),
      holds: (spec, site) => this.act(() => (world.runtimes[spec.name] ?? []).includes(site)),
      prepareData: (spec, { site }) =>
        this.act(() => {
          this.needImage(spec);
          world.folders[site] ??= `key-${site}`;
        }),
      place: (spec, { site }) =>
        this.act(
          () => void (world.runtimes[spec.name] = [...new Set([...(world.runtimes[spec.name] ?? []), site])].sort()),
        ),
      take: (spec, site) =>
        this.act(
          () => void (world.runtimes[spec.name] = (world.runtimes[spec.name] ?? []).filter((other) => other !== site)),
        ),
      silence: () => this.act(() => undefined),
      isSilent: () => this.act(() => true),
      remove: (name) => this.act(() => void (delete world.runtimes[name], delete world.faults[name])),
      hasState: (_spec, site) => this.act(() => world.folders[site] !== undefined),
      readState: (_spec, site) =>
        this.act(() => (world.folders[site] === undefined ? undefined : Buffer.from(world.folders[site]))),
      emptyState: () => this.act(() => undefined),
      readLogs: () => this.act(() => ''),
      removeData: (_spec, site) => this.act(() => void delete world.folders[site]),
    };
  }

  private gabungan(): Partial<Gabungan> {
    const { world } = this;
    return {
      hasAccount: (user) => this.act(() => world.accounts.includes(user)),
      ensureRuntimeAccount: (user) => this.act(() => void (world.accounts = [...new Set([...world.accounts, user])])),
      dropAccount: (user) => this.act(() => void (world.accounts = world.accounts.filter((other) => other !== user))),
      tables: () => this.act(() => world.tables),
      tablesWith: () => this.act(() => []),
      invariants: () => this.act(() => []),
      fingerprint: () => this.act(() => ({ sha256: 'x', tables: 1, views: 0 })),
      count: (sql, values = {}) => this.act(() => this.count(sql, values)),
      query: (sql, values = {}) => this.act(() => this.change(sql, values)),
      dropStatements: () => this.act(() => 'drop'),
      load: () => this.act(() => void Object.assign(world, { tables: [], rows: [], migrated: [] })),
    };
  }

  private count(sql: string, { key, configId, code, databaseVersion }: Parameters): number {
    const { rows, migrated } = this.world;
    if (sql === 'find') return rows.find((row) => row.key === key)?.id ?? NaN;
    if (sql === 'identified') return rows.filter((row) => row.id === configId && row.code === code).length;
    if (sql === 'proof') return migrated.includes(String(databaseVersion)) ? 1 : 0;
    if (sql.startsWith('SELECT COUNT(*) FROM `setting`')) return 1;
    return sql === 'SELECT 1' ? 1 : rows.length;
  }

  private change(sql: string, { configId, code }: Parameters): Row[] {
    const { world } = this;
    if (sql === 'identify') world.rows.find((row) => row.id === configId)!.code = String(code);
    if (sql === 'remove') world.rows = world.rows.filter((row) => row.id !== configId);
    if (sql === 'pending') return world.rows.filter((row) => row.code === '').map(({ id }) => ({ id }));
    return [];
  }

  /** Only a desa on another server than the gabungan's has one; whoever is placed needs it. */
  private way(): Way | undefined {
    const { world, target } = this;
    const { id } = target.server;
    if (id === target.gabungan.serverId) return undefined;
    return {
      says: () => this.act(() => id),
      isThere: () => this.act(() => world.ways.includes(id)),
      isSo: () => this.act(() => world.ways.includes(id)),
      open: () => this.act(() => void (world.ways = [id])),
      prove: () => this.act(() => this.assertReached()),
      isUsed: () => this.act(() => Object.values(world.placed).some((version) => version !== null)),
      close: () => this.act(() => void (world.ways = [])),
    };
  }

  /** A runtime elsewhere speaks to its database through the way alone. */
  private assertReached(): void {
    const { target, world } = this;
    const { id } = target.server;
    if (id !== target.gabungan.serverId && !world.ways.includes(id))
      throw new Unavailable('way-refused', { from: id, server: target.gabungan.serverId, name: '', address: '' });
  }

  private records(): Records {
    const { world } = this;
    return {
      installation: (id) =>
        this.act(() => ({ id, databaseId: null, placedReleaseId: world.placed[id] ?? null, observedVersion: null })),
      patchInstallation: (id, patch) =>
        this.act(() => void ('placedReleaseId' in patch && (world.placed[id] = patch.placedReleaseId ?? null))),
      administratorPassword: () => this.act(() => new Secret('Rahasia-1234')),
      patchGabungan: () => this.act(() => undefined),
      sitesFor: (target) => this.act(() => [target.site]),
      isWanted: (_server, runtime) => this.act(() => Object.values(world.placed).includes(runtime)),
      forgetRuntime: () => this.act(() => undefined),
    };
  }
}

import { Secret } from '#libs/core/secret.js';
import { Unavailable } from '#libs/core/errors.js';
import { manifestSchema, type App } from '#libs/templates/manifest.js';
import type { Gateway, Route } from '#libs/gateway/gateway-port.js';
import type { Gabungan, Parameters } from '#libs/gabungan/gabungan-port.js';
import type { Runtimes, RuntimeSpec } from '#libs/runtimes/runtime-port.js';
import type { Docker } from '#libs/servers/docker.js';
import type { DesaBackups } from '#libs/provisioning/backups-port.js';
import type { Records } from '#libs/provisioning/records.js';
import type { DesaTarget, ReleaseFacts, Tools } from '#libs/provisioning/target.js';

/** A server, a merged database and the record, as plain data that can be compared. */
export interface World {
  accounts: string[];
  rows: { id: number; key: string; code: string; complete: boolean }[];
  tables: string[];
  migrated: string[];
  folders: Record<string, string>;
  runtimes: Record<string, string[]>;
  routes: Record<string, string>;
  placed: Record<string, string | null>;
  backups: string[];
}

export const emptyWorld = (): World => ({
  accounts: [],
  rows: [],
  tables: [],
  migrated: [],
  folders: {},
  runtimes: {},
  routes: {},
  placed: {},
  backups: [],
});

/** A toy application with the shape of the real ones: SQL texts are the names of what the fake database does. */
export const toyApp: App = {
  ...manifestSchema.parse({
    app: 'toy',
    title: 'Toy',
    scope: 'desa',
    database: 'gabungan',
    identify: ['index.php'],
    release: { version: { file: 'v', pattern: '(.*)' } },
    php: [{ version: '8.2' }],
    build: { composer: 'none' },
    site: { entry: 'index.php', links: [], state: { desa: 'desa' }, volatile: {}, keyFile: 'desa/key', uidBase: 20000 },
    registration: {
      methods: [{ acts: [{ get: '/' }] }],
      find: 'find',
      pending: 'pending',
      removePending: 'removePending',
      identified: 'identified',
      identify: 'identify',
      administrator: 'administrator',
      administratorName: 'admin',
      remove: 'remove',
      counts: { setting: 1 },
      protectedId: 1,
    },
    migration: { acts: [{ get: '/' }], proof: [{ sql: 'proof' }], logFolder: 'logs', logErrors: ['ERROR'] },
    rows: { table: 'config', column: 'config_id' },
    health: { live: '/', path: '/', title: 'title=(.*?);', titleIs: '{{name}}', version: 'version=(.*)' },
    routes: { deny: [] },
  }),
  templates: {},
};

export const release = (version: string, databaseVersion: string): ReleaseFacts => ({
  id: version,
  version,
  edition: 'umum',
  state: 'built',
  image: `image:${version}`,
  databaseVersion,
  minimumVersion: null,
});

export function targetOf(verb: string, wanted: ReleaseFacts, previous?: ReleaseFacts, code = '1307012001'): DesaTarget {
  const site = `d${code}`;
  const runtime = (version: string, suffix = ''): RuntimeSpec => ({
    name: `${version}${suffix}`,
    app: toyApp,
    version,
    image: `image:${version}`,
    network: 'net',
    dataVolume: 'data',
    configVolume: `${version}${suffix}-conf`,
    gateKey: new Secret('gate'),
    labels: {},
    memoryMiB: 1,
    cpus: 1,
    pids: 1,
  });
  const spec = { site, uid: 20000, domain: `${site}.test`, values: { name: 'Kurai', code } };
  return {
    run: { id: 'run-1', verb },
    kabupatenId: 'k',
    desa: {
      id: 'desa',
      code,
      name: 'Kurai',
      sebutan: 'desa',
      domain: spec.domain,
      kecamatanCode: '130701',
      kecamatanName: 'A',
      kabupatenCode: '1307',
      kabupatenName: 'B',
      provinsiCode: '13',
      provinsiName: 'C',
    },
    app: toyApp,
    server: { id: 's', name: 's' },
    gabungan: {
      id: 'g',
      name: 'g',
      edition: 'umum',
      host: 'db',
      port: 3306,
      database: 'gab',
      owner: { user: 'o', password: new Secret('o') },
      charset: 'utf8mb4',
      collation: 'utf8mb4_general_ci',
      version: previous?.version ?? null,
    },
    installation: { id: 'i', uid: 20000, isolation: 'shared', runtimePassword: new Secret('p') },
    release: wanted,
    previous,
    runtime: runtime(wanted.version),
    previousRuntime: previous && runtime(previous.version),
    oneOff: runtime(wanted.version, '-one'),
    account: `a${code}`,
    site: spec,
    ownerSite: spec,
  };
}

/** Tools over a world; every call counts, and the `failAt`-th one fails before or after it did its work. */
export class FakeTools {
  calls = 0;
  failAt = Infinity;
  failAfterwards = false;

  constructor(
    readonly world: World,
    private readonly target: DesaTarget,
  ) {}

  private async act<T>(work: () => T): Promise<T> {
    this.calls += 1;
    const fails = this.calls === this.failAt;
    if (fails && !this.failAfterwards) throw new Unavailable('told-to-fail', { call: this.calls });
    const result = work();
    if (fails) throw new Unavailable('told-to-fail', { call: this.calls });
    return result;
  }

  tools(): Tools {
    return {
      docker: { ping: () => this.act(() => ({})) } as unknown as Docker,
      gateway: this.gateway() as Gateway,
      runtimes: this.runtimes() as Runtimes,
      gabungan: this.gabungan() as Gabungan,
      backups: this.backups(),
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
      route: (domain) =>
        this.act(() => (world.routes[domain] === undefined ? undefined : this.routeOf(domain, world.routes[domain]))),
      put: (route) =>
        this.act(
          () => void (world.routes[route.domain] = route.to === 'maintenance' ? 'maintenance' : route.to.runtime),
        ),
      remove: (domain) => this.act(() => void delete world.routes[domain]),
      get: ({ runtime, site }) => this.act(() => this.answer(runtime, site)),
    };
  }

  private routeOf = (domain: string, runtime: string): Route => ({
    domain,
    site: this.target.site.site,
    to: { runtime, port: 8080, gateKey: 'gate' },
    deny: [],
    uploadMiB: 25,
  });

  /** The application: registers or migrates when the one-off is asked, else shows its name and version. */
  private answer(runtime: string, site: string): { status: number; body: string; headers: Record<string, string> } {
    const { world, target } = this;
    if (!world.runtimes[runtime]?.includes(site)) return { status: 502, body: '', headers: {} };
    const key = world.folders[site] ?? '';
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

  private runtimes(): Partial<Runtimes> {
    const { world } = this;
    return {
      ensure: (spec, sites) => this.act(() => void (world.runtimes[spec.name] ??= sites.map(({ site }) => site))),
      isRunning: (name) => this.act(() => name in world.runtimes),
      sites: (spec) => this.act(() => world.runtimes[spec.name] ?? []),
      prepareData: (_spec, { site }) => this.act(() => void (world.folders[site] ??= `key-${site}`)),
      place: (spec, { site }) =>
        this.act(() => void (world.runtimes[spec.name] = [...new Set([...(world.runtimes[spec.name] ?? []), site])])),
      take: (spec, site) =>
        this.act(
          () => void (world.runtimes[spec.name] = (world.runtimes[spec.name] ?? []).filter((other) => other !== site)),
        ),
      remove: (name) => this.act(() => void delete world.runtimes[name]),
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
    if (sql === 'pending') return rows.filter((row) => row.code === '').length;
    if (sql === 'identified') return rows.filter((row) => row.id === configId && row.code === code).length;
    if (sql === 'proof') return migrated.includes(String(databaseVersion)) ? 1 : 0;
    if (sql.startsWith('SELECT COUNT(*) FROM `setting`')) return 1;
    return sql === 'SELECT 1' ? 1 : rows.length;
  }

  private change(sql: string, { configId, code }: Parameters): never[] {
    const { world } = this;
    if (sql === 'identify') world.rows.find((row) => row.id === configId)!.code = String(code);
    if (sql === 'remove') world.rows = world.rows.filter((row) => row.id !== configId);
    if (sql === 'removePending') world.rows = world.rows.filter((row) => row.code !== '');
    return [];
  }

  private backups(): DesaBackups {
    const { world, target } = this;
    const receipt = { id: 'b', folder: 'b', bytes: 1 };
    let saved: { rows: World['rows']; folder?: string } = { rows: [] };
    return {
      ofRun: () => this.act(() => (world.backups.includes(target.run.id) ? receipt : undefined)),
      make: () =>
        this.act(() => {
          saved = structuredClone({ rows: world.rows, folder: world.folders[target.site.site] });
          world.backups.push(target.run.id);
          return receipt;
        }),
      restoreRows: () => this.act(() => void (world.rows = structuredClone(saved.rows))),
      restoreFolder: () => this.act(() => void (world.folders[target.site.site] = saved.folder ?? '')),
    };
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
      placedCount: (runtime) =>
        this.act(() => Object.values(world.placed).filter((placed) => placed === runtime).length),
      forgetRuntime: () => this.act(() => undefined),
    };
  }
}

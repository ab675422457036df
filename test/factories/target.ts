import { Secret } from '#libs/core/secret.js';
import { manifestSchema, type App } from '#libs/templates/manifest.js';
import type { RuntimeSpec } from '#libs/runtimes/runtime-port.js';
import type { DesaTarget, ReleaseFacts } from '#libs/provisioning/target.js';

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
  imageId: `id:${version}`,
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
    judged: [],
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
      serverId: 's',
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
    otherRuntimes: verb === 'remove' ? [runtime('v2699.0.0')] : [],
    oneOff: runtime(wanted.version, '-one'),
    account: `a${code}`,
    site: spec,
    ownerSite: spec,
  };
}

import { Secret } from '#libs/core/secret.js';
import { containerOf } from '#libs/runtimes/container.js';
import type { RuntimeSpec } from '#libs/runtimes/runtime-port.js';
import type { ContainerView } from '#libs/servers/docker.js';
import { wantedSettings } from '#libs/servers/settings.js';
import type { Seen } from '#libs/looks/seen.js';
import type { Wanted, WantedRuntime, WantedSite } from '#libs/looks/wanted.js';
import { toyApp } from './target.js';

const spec = (name: string): RuntimeSpec => ({
  name,
  app: toyApp,
  version: 'v2602.0.0',
  image: 'toy:v2602.0.0',
  network: 'sp-net-satu',
  dataVolume: 'sp-toy-satu-data',
  configVolume: `${name}-conf`,
  gateKey: new Secret('gate'),
  labels: { 'siappakai.managed': 'yes' },
  memoryMiB: 1024,
  cpus: 2,
  pids: 400,
});

function siteIn(runtime: string, at: number): WantedSite {
  const code = `13070120${String(at).padStart(2, '0')}`;
  const [site, domain] = [`d${code}`, `d${code}.test`];
  return {
    ...{
      installationId: `i${at}`,
      desaId: `desa-${at}`,
      kabupatenId: 'k',
      app: 'toy',
      label: `${code} Kurai`,
      site,
      domain,
    },
    ...{ gabungan: 'satu', runtime, title: '^Kurai$', version: 'v2602.0.0', askedAt: null, isBusy: false },
    route: { domain, site, to: { runtime, port: 8080, gateKey: 'gate' }, deny: [], uploadMiB: 25 },
  };
}

/** A server with one gabungan and its desa spread over so many runtimes. */
export function wantedOf({ desa, runtimes }: { desa: number; runtimes: number }): Wanted {
  const specs = Array.from({ length: runtimes }, (_, at) => spec(`sp-toy-${at}`));
  const sites = Array.from({ length: desa }, (_, at) => siteIn(specs[at % runtimes]!.name, at));
  const used = specs.filter(({ name }) => sites.some(({ runtime }) => runtime === name));
  return {
    server: { id: 's', name: 'pusat', kabupatenId: 'k', isBusy: false },
    gateway: 'sp-gateway-pusat',
    https: { way: 'acme', given: [] },
    gabungan: [{ id: 'g', name: 'satu', kabupatenId: 'k', container: 'sp-db-satu', isBusy: false, isMoving: false }],
    ways: [
      {
        ...{ id: 'j', name: 'jauh', kabupatenId: 'k', container: 'sp-door-jauh', isBusy: false, isMoving: false },
        ...{ desaId: 'desa-0', app: 'toy' },
      },
    ],
    runtimes: used.map((one): WantedRuntime => ({ spec: one, kabupatenId: 'k', desaId: 'desa-0', isBusy: false })),
    sites,
    known: new Set(['sp-gateway-pusat', 'sp-db-satu', 'sp-door-jauh', ...specs.map(({ name }) => name)]),
    forwards: [],
    openRuns: new Set(),
    minimumFreeBytes: 2 ** 31,
  };
}

export const container = (name: string, more: Partial<ContainerView> = {}): ContainerView => ({
  name,
  image: 'any',
  state: 'running',
  labels: { 'siappakai.managed': 'yes' },
  addresses: {},
  restarts: 0,
  restsSince: null,
  settings: wantedSettings({ name, image: 'any' }),
  ...more,
});

/** A world that is in everything as wanted. */
export const seenOf = (wanted: Wanted): Seen => ({
  containers: [
    container(wanted.gateway),
    ...[...wanted.gabungan, ...wanted.ways].map((one) => container(one.container)),
    ...wanted.runtimes.flatMap(({ spec: one }) => [
      container(one.name, { image: one.image, settings: wantedSettings(containerOf(one)) }),
      container(`${one.name}-files`, { state: 'created', labels: { 'siappakai.kind': 'files' } }),
    ]),
  ],
  routes: wanted.sites.map(({ route }) => ({ ...route, deny: [...route.deny] })),
  gatewayFaults: [],
  domains: wanted.sites.map(({ domain }) => ({
    domain,
    state: 'valid',
    until: '2027-01-01T00:00:00.000Z',
    reason: null,
  })),
  standing: new Map(
    wanted.runtimes.map(({ spec: one }) => [
      one.name,
      new Map(
        wanted.sites
          .filter(({ runtime }) => runtime === one.name)
          .map(({ site }) => [site, { pool: true, tree: true, socket: true }]),
      ),
    ]),
  ),
  live: new Map(wanted.runtimes.map(({ spec: one }) => [one.name, true])),
  pages: new Map(
    wanted.sites.map(({ installationId }) => [
      installationId,
      { status: 200, title: 'Kurai', version: 'v2602.0.0', words: 'Kurai' },
    ]),
  ),
  disk: { freeBytes: 2 ** 34, daysLeft: null },
});

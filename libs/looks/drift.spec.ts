import fc from 'fast-check';
import type { DriftKind } from '#libs/contract/looks.js';
import { HTTPS_DAMAGES } from '#test/factories/https-damages.js';
import { container, seenOf, wantedOf } from '#test/factories/looks.js';
import type { ContainerView } from '#libs/servers/docker.js';
import { driftOf, findingsOf } from './drift.js';
import { KINDS } from './kinds.js';
import type { PageSeen, Seen } from './seen.js';
import type { Wanted } from './wanted.js';

type Damage = (wanted: Wanted, seen: Seen, at: number) => Seen | 'away';

const pick = <T>(all: T[], at: number): T => all[at % all.length]!;
const without = (seen: Seen, name: string): Seen => ({
  ...seen,
  containers: seen.containers.filter((one) => one.name !== name),
});
const changed = (seen: Seen, name: string, change: Partial<ContainerView>): Seen => ({
  ...seen,
  containers: seen.containers.map((one) => (one.name === name ? { ...one, ...change } : one)),
});
const runtimeAt = (wanted: Wanted, at: number): string => pick(wanted.runtimes, at).spec.name;
const page = (wanted: Wanted, seen: Seen, at: number, answer: PageSeen): Seen => ({
  ...seen,
  pages: new Map([...seen.pages, [pick(wanted.sites, at).installationId, answer]]),
});
const right = { status: 200, title: 'Kurai', version: 'v2602.0.0', words: '' };

/** Each kind by one damage of an otherwise right world. */
const DAMAGES: [DriftKind, string, Damage][] = [
  ['server-away', 'the engine does not answer', () => 'away'],
  ['disk-filling', 'too little is free', (_, seen) => ({ ...seen, disk: { freeBytes: 1, daysLeft: null } })],
  ['disk-filling', 'full in five days', (_, seen) => ({ ...seen, disk: { freeBytes: 2 ** 40, daysLeft: 5 } })],
  ['gateway-missing', 'no proxy', ({ gateway }, seen) => ({ ...without(seen, gateway), routes: undefined })],
  [
    'gateway-stopped',
    'a proxy that ended',
    ({ gateway }, seen) => ({ ...changed(seen, gateway, { state: 'exited' }), routes: undefined }),
  ],
  ['gateway-stopped', 'a proxy that tells nothing', (_, seen) => ({ ...seen, routes: undefined })],
  ...HTTPS_DAMAGES,
  ['gabungan-missing', 'no database', ({ gabungan }, seen) => without(seen, gabungan[0]!.container)],
  [
    'gabungan-stopped',
    'a database that ended',
    ({ gabungan }, seen) => changed(seen, gabungan[0]!.container, { state: 'exited' }),
  ],
  ['way-missing', 'no door to a gabungan elsewhere', ({ ways }, seen) => without(seen, ways[0]!.container)],
  ['way-missing', 'a door that ended', ({ ways }, seen) => changed(seen, ways[0]!.container, { state: 'exited' })],
  ['runtime-missing', 'no container', (wanted, seen, at) => without(seen, runtimeAt(wanted, at))],
  [
    'runtime-stopped',
    'a container that was killed',
    (wanted, seen, at) => changed(seen, runtimeAt(wanted, at), { state: 'exited' }),
  ],
  [
    'runtime-silent',
    'a container that does not answer',
    (wanted, seen, at) => ({ ...seen, live: new Map([...seen.live, [runtimeAt(wanted, at), false]]) }),
  ],
  [
    'runtime-image',
    'another image',
    (wanted, seen, at) => changed(seen, runtimeAt(wanted, at), { image: 'toy:v2601.0.0' }),
  ],
  [
    'runtime-settings',
    'more capabilities',
    (wanted, seen, at) => {
      const name = runtimeAt(wanted, at);
      const { settings } = seen.containers.find((one) => one.name === name)!;
      return changed(seen, name, { settings: { ...settings, capabilities: [...settings.capabilities, 'SYS_ADMIN'] } });
    },
  ],
  ...(['pool', 'tree', 'socket'] as const).map((part): [DriftKind, string, Damage] => [
    'site-missing',
    `no ${part}`,
    (wanted, seen, at) => {
      const { runtime, site } = pick(wanted.sites, at);
      const parts = { pool: true, tree: true, socket: true, [part]: false };
      const sites = new Map([...seen.standing.get(runtime)!, [site, parts]]);
      return { ...seen, standing: new Map([...seen.standing, [runtime, sites]]) };
    },
  ]),
  ['site-silent', 'a page of 500', (wanted, seen, at) => page(wanted, seen, at, { ...right, status: 500 })],
  ['site-silent', 'a page without a title', (wanted, seen, at) => page(wanted, seen, at, { ...right, title: null })],
  ['site-silent', 'no page', (wanted, seen, at) => page(wanted, seen, at, { failure: 'server-unreachable' })],
  ['site-other', 'another desa', (wanted, seen, at) => page(wanted, seen, at, { ...right, title: 'Lain' })],
  ['site-other', 'another version', (wanted, seen, at) => page(wanted, seen, at, { ...right, version: 'v2601.0.0' })],
  ['site-other', 'a version that is none', (wanted, seen, at) => page(wanted, seen, at, { ...right, version: 'x' })],
  ['route-missing', 'no route', (wanted, seen, at) => ({ ...seen, routes: withoutRoute(wanted, seen, at) })],
  [
    'route-wrong',
    'a forgotten maintenance page',
    (wanted, seen, at) => ({
      ...seen,
      routes: [...withoutRoute(wanted, seen, at), { ...pick(wanted.sites, at).route, to: 'maintenance' }],
    }),
  ],
  [
    'route-wrong',
    'a pattern that is denied no more',
    (wanted, seen, at) => ({
      ...seen,
      routes: [...withoutRoute(wanted, seen, at), { ...pick(wanted.sites, at).route, deny: ['^/other'] }],
    }),
  ],
  [
    'container-unknown',
    'a container that nobody knows',
    (_, seen) => ({ ...seen, containers: [...seen.containers, container('sp-lain')] }),
  ],
];

const withoutRoute = (wanted: Wanted, seen: Seen, at: number) =>
  seen.routes!.filter(({ domain }) => domain !== pick(wanted.sites, at).domain);

const world = fc.record({ desa: fc.integer({ min: 1, max: 60 }), runtimes: fc.integer({ min: 1, max: 5 }) });
const kindsOf = (wanted: Wanted, seen: Seen | 'away'): DriftKind[] => driftOf(wanted, seen).map(({ kind }) => kind);

describe('drift', () => {
  it('is none in a world that is as wanted, and everything was judged', () => {
    fc.assert(
      fc.property(world, (size) => {
        const wanted = wantedOf(size);
        const findings = findingsOf(wanted, seenOf(wanted));
        expect(new Set(findings.map(({ answer }) => answer))).toEqual(new Set(['well']));
      }),
    );
  });

  it.each(DAMAGES)('%s: %s, and nothing beside it', (kind, _what, damage) => {
    fc.assert(
      fc.property(world, fc.nat(), (size, at) => {
        const wanted = wantedOf(size);
        expect(kindsOf(wanted, damage(wanted, seenOf(wanted), at))).toEqual([kind]);
      }),
      { numRuns: 30 },
    );
  });

  it('has a damage for every kind', () => {
    expect(new Set(DAMAGES.map(([kind]) => kind))).toEqual(new Set(Object.keys(KINDS)));
  });

  it('of two damages each is told, unless one is the cause of the other', () => {
    const wanted = wantedOf({ desa: 6, runtimes: 2 });
    const silent = page(wanted, seenOf(wanted), 1, { ...right, status: 502 });
    expect(kindsOf(wanted, changed(silent, runtimeAt(wanted, 0), { state: 'exited' }))).toEqual([
      'runtime-stopped',
      'site-silent',
    ]);
    expect(kindsOf(wanted, changed(silent, runtimeAt(wanted, 1), { state: 'exited' }))).toEqual(['runtime-stopped']);
  });

  it('names the desa through whose run it is repaired', () => {
    const wanted = wantedOf({ desa: 3, runtimes: 1 });
    const [drift] = driftOf(wanted, { ...seenOf(wanted), routes: withoutRoute(wanted, seenOf(wanted), 2) });
    expect(drift).toMatchObject({ desaId: 'desa-2', app: 'toy', answer: { domain: wanted.sites[2]!.domain } });
  });

  it('never carries a gate key', () => {
    const wanted = wantedOf({ desa: 2, runtimes: 1 });
    const wrong = { ...wanted.sites[0]!.route, to: { runtime: 'lain', port: 8080, gateKey: 'kunci' } };
    const drift = driftOf(wanted, { ...seenOf(wanted), routes: [wrong, wanted.sites[1]!.route] });
    expect(drift.map(({ kind }) => kind)).toEqual(['route-wrong']);
    expect(JSON.stringify(drift)).not.toMatch(/kunci|"gate"/);
  });
});

describe('what is being changed is not judged', () => {
  const busy = (change: (wanted: Wanted) => Wanted, damage: (wanted: Wanted, seen: Seen) => Seen): DriftKind[] => {
    const wanted = change(wantedOf({ desa: 4, runtimes: 1 }));
    return kindsOf(wanted, damage(wanted, seenOf(wanted)));
  };
  const first = (wanted: Wanted): string => runtimeAt(wanted, 0);

  it('a desa with an open run', () =>
    expect(
      busy(
        (wanted) => ({ ...wanted, sites: wanted.sites.map((site, at) => ({ ...site, isBusy: at === 0 })) }),
        (wanted, seen) => ({
          ...page(wanted, seen, 0, { ...right, status: 500 }),
          routes: withoutRoute(wanted, seen, 0),
        }),
      ),
    ).toEqual([]));

  it('a runtime whose desa is repaired', () =>
    expect(
      busy(
        (wanted) => ({ ...wanted, runtimes: wanted.runtimes.map((one) => ({ ...one, isBusy: true })) }),
        (wanted, seen) => without(seen, first(wanted)),
      ),
    ).toEqual([]));

  it('a gabungan that is migrated, and the pages of its desa', () =>
    expect(
      busy(
        (wanted) => ({ ...wanted, gabungan: wanted.gabungan.map((one) => ({ ...one, isBusy: true })) }),
        (wanted, seen) => page(wanted, without(seen, 'sp-db-satu'), 0, { ...right, status: 500 }),
      ),
    ).toEqual([]));

  it('maintenance pages while a rollout is under way', () =>
    expect(
      busy(
        (wanted) => ({ ...wanted, gabungan: wanted.gabungan.map((one) => ({ ...one, isMoving: true })) }),
        (wanted, seen) => ({ ...seen, routes: wanted.sites.map(({ route }) => ({ ...route, to: 'maintenance' })) }),
      ),
    ).toEqual([]));

  it('a one-off of an open run, and what passes while a run is open', () =>
    expect(
      busy(
        (wanted) => ({ ...wanted, openRuns: new Set(['r1']) }),
        (_, seen) => ({
          ...seen,
          containers: [
            ...seen.containers,
            container('sp-toy-run-1', { labels: { 'siappakai.run': 'r1' } }),
            container('sp-toy-once-1-1', { labels: { 'siappakai.kind': 'once' } }),
            container('sp-db-satu-client-0a1b2c3d'),
          ],
        }),
      ),
    ).toEqual([]));

  it('but a one-off whose run has ended, or what passes with no run open, is unknown', () =>
    expect(
      busy(
        (wanted) => wanted,
        (_, seen) => ({
          ...seen,
          containers: [
            ...seen.containers,
            container('sp-toy-run-1', { labels: { 'siappakai.run': 'r1' } }),
            container('sp-toy-once-1-1', { labels: { 'siappakai.kind': 'once' } }),
          ],
        }),
      ),
    ).toEqual(['container-unknown', 'container-unknown']));

  it('and containers of another kind are not ours to judge', () =>
    expect(
      busy(
        (wanted) => wanted,
        (_, seen) => ({
          ...seen,
          containers: [...seen.containers, container('sp-registry', { labels: { 'siappakai.kind': 'registry' } })],
        }),
      ),
    ).toEqual([]));
});

describe('what was not seen is unknown, never drift', () => {
  it('pages whose turn it was not, sites of a runtime that told nothing, a disk that was not measured', () => {
    const wanted = wantedOf({ desa: 5, runtimes: 1 });
    const seen: Seen = { ...seenOf(wanted), standing: new Map(), pages: new Map(), disk: undefined };
    expect(driftOf(wanted, seen)).toEqual([]);
    const answers = findingsOf(wanted, seen).filter(({ answer }) => answer === 'unknown');
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(
      new Set(['site-missing', 'site-silent', 'site-other', 'disk-filling']),
    );
  });
});

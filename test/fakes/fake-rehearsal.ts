import { text } from 'node:stream/consumers';
import { Readable, type Writable } from 'node:stream';
import { Unavailable } from '#libs/core/errors.js';
import { Secret } from '#libs/core/secret.js';
import type { Rehearsal } from '#libs/contract/rollouts.js';
import type { Gabungan, GabunganAddress, Parameters } from '#libs/gabungan/gabungan-port.js';
import type { Gateway } from '#libs/gateway/gateway-port.js';
import { onCopy } from '#libs/provisioning/rehearsal/on-copy.js';
import type { Notes } from '#libs/provisioning/rehearsal/notes.js';
import type { RehearsalTarget, RehearsalTools } from '#libs/provisioning/rehearsal/target.js';
import type { DesaTarget, Tools } from '#libs/provisioning/target.js';
import type { RuntimeSpec, Runtimes } from '#libs/runtimes/runtime-port.js';
import { Calls } from './calls.js';
import { FakeTools, type World } from './fake-world.js';

/** What a rehearsal works on: the real world, which it may only read, and everything of the copy. */
export interface RehearsalWorld {
  real: World;
  copy: {
    isRunning: boolean;
    tables: string[];
    migrated: string[];
    accounts: string[];
    runtimes: string[];
    folders: string[];
  };
  notes: Notes;
  report?: Omit<Rehearsal, 'runId'>;
}

export const beforeRehearsal = (real: World): RehearsalWorld => ({
  real,
  copy: { isRunning: false, tables: [], migrated: [], accounts: [], runtimes: [], folders: [] },
  notes: {},
});

const account = (user: string) => ({ user, password: new Secret('x') });
const ADDRESS: GabunganAddress = {
  name: 'g-copy-run1',
  host: 'sp-db-g-copy-run1',
  port: 3306,
  database: 'gab',
  admin: account('mysql'),
  owner: account('o'),
  reader: account('r'),
};

export function rehearsalOf(canary: DesaTarget, neighbour: DesaTarget): RehearsalTarget {
  const real = [canary, neighbour];
  return {
    run: canary.run,
    kabupatenId: 'k',
    app: canary.app,
    gabungan: canary.gabungan,
    release: canary.release,
    canary,
    actorsOfReal: real,
    actors: real.map((target) => onCopy(target, ADDRESS, new Secret('p'))),
    tourPassword: new Secret('t'),
  };
}

/** Hands over such a world; every call counts, and may be told to fail. */
export function rehearsalTools(world: RehearsalWorld, target: RehearsalTarget, calls = new Calls()): RehearsalTools {
  const { act } = calls;
  const { copy } = world;
  const hands = new FakeTools(world.real, target.canary, calls).tools();
  const runtimes = copyRuntimes(world, act, hands.runtimes);
  const installation: Tools['records']['installation'] = (id) =>
    act(() => ({ id, databaseId: 1, placedReleaseId: null, observedVersion: null }));
  const real: Tools = {
    ...hands,
    runtimes,
    records: { ...hands.records, installation },
    docker: { image: () => act(() => ({ id: 'i' })), logs: () => act(() => '') } as unknown as Tools['docker'],
    gabungan: { ...hands.gabungan, ...readReal(world, act) } as Gabungan,
  };
  return {
    real,
    runtimesOf: async () => runtimes,
    copy: { ...real, gabungan: copyGabungan(world, act), gateway: copyGateway(world, target, act) },
    notes: {
      read: () => act(() => structuredClone(world.notes)),
      write: (more) => act(() => void Object.assign(world.notes, structuredClone(more))),
      report: (report) => act(() => void (world.report = report)),
    },
    catalogue: () => act(() => []),
    startCopy: () => act(() => void (copy.isRunning = true)),
    isCopyRunning: () => act(() => copy.isRunning),
    isCopyThere: () => act(() => copy.isRunning || copy.runtimes.length + copy.folders.length > 0),
    removeCopy: async () => {
      await act(() => void Object.assign(copy, { runtimes: [], folders: [] }));
      await act(() => void Object.assign(copy, beforeRehearsal(world.real).copy));
    },
    say: async () => {},
  };
}

type Act = Calls['act'];

const readReal = ({ real }: RehearsalWorld, act: Act): Partial<Gabungan> => ({
  sizeBytes: () => act(() => 1),
  dumpSchema: (to: Writable) => act(() => void to.end(`schema ${real.migrated.join()}`)),
  dumpRows: (_plan: unknown, to: Writable) => act(() => (to.end('rows'), { config: 2, setting: 2 })),
  fingerprint: () => act(() => fingerprintOf(real.migrated)),
});

const fingerprintOf = (migrated: string[]) => ({ sha256: migrated.join(), tables: 2, views: 0 });

function copyGabungan({ copy }: RehearsalWorld, act: Act): Gabungan {
  const asked = <T>(work: () => T): Promise<T> =>
    act(() => {
      if (!copy.isRunning) throw new Unavailable('gabungan-unreachable', {});
      return work();
    });
  const load = (sql: string): void => {
    if (sql.includes('drop')) Object.assign(copy, { tables: [], migrated: [] });
    const [, schema] = /^schema (.*)/.exec(sql) ?? [];
    if (schema !== undefined) Object.assign(copy, { tables: ['config', 'setting'], migrated: schema.split(',') });
  };
  const gabungan: Partial<Gabungan> = {
    tables: () => asked(() => copy.tables),
    tablesWith: () => asked(() => []),
    count: (sql: string, { databaseVersion }: Parameters = {}) =>
      asked(() => (sql === 'proof' ? Number(copy.migrated.includes(String(databaseVersion))) : 2)),
    query: () => asked(() => [{ own: null, n: 2 }]),
    dropStatements: () => asked(() => (copy.tables.length > 0 ? 'drop' : '')),
    load: async (sql: Readable) => {
      const read = await text(sql);
      await asked(() => load(read));
    },
    fingerprint: () => asked(() => fingerprintOf(copy.migrated)),
    schema: () => asked(() => []),
    invariants: () => asked(() => []),
    ensureRuntimeAccount: (user: string) => asked(() => void (copy.accounts = [...new Set([...copy.accounts, user])])),
  };
  return gabungan as Gabungan;
}

const isOfCopy = ({ dataVolume }: RuntimeSpec): boolean => dataVolume.includes('-copy-');

/** Reads of the real runtimes go on to the real world; writes there are none. */
function copyRuntimes({ copy, real: standing }: RehearsalWorld, act: Act, real: Runtimes): Runtimes {
  const runtimes: Partial<Runtimes> = {
    ensure: ({ name, version }) =>
      act(() => {
        if (!standing.images.includes(`id:${version}`)) throw new Unavailable('runtime-not-live', { runtime: name });
        copy.runtimes = [...new Set([...copy.runtimes, name])];
      }),
    remove: (name) => act(() => void (copy.runtimes = copy.runtimes.filter((other) => other !== name))),
    prepareData: (spec, site) =>
      isOfCopy(spec)
        ? act(() => void (copy.folders = [...new Set([...copy.folders, site.site])]))
        : real.prepareData(spec, site),
    exportState: () => act(() => Readable.from(['state'])),
    importState: () => act(() => undefined),
    hasState: (_spec, site) => act(() => copy.folders.includes(site)),
    emptyState: () => act(() => undefined),
    readLogs: () => act(() => ''),
    lastWords: () => act(() => ''),
  };
  return runtimes as Runtimes;
}

/** The one-off runtime migrates the copy; every other one shows its pages. */
const copyGateway = ({ copy }: RehearsalWorld, { release }: RehearsalTarget, act: Act): Gateway =>
  ({
    freeBytes: () => act(() => 10),
    get: ({ runtime }: { runtime: string }) =>
      act(() => {
        if (!copy.runtimes.includes(runtime)) return { status: 502, body: '', headers: {} };
        const isNew = !copy.migrated.includes(release.databaseVersion!);
        if (runtime.includes('-run-') && isNew) copy.migrated.push(release.databaseVersion!);
        return { status: 200, body: '', headers: {} };
      }),
  }) as unknown as Gateway;

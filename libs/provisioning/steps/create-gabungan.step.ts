import { NotProved } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import type { Gabungan, GabunganAddress, InvariantResult, SchemaFingerprint } from '#libs/gabungan/gabungan-port.js';
import type { App } from '#libs/templates/manifest.js';

export interface GabunganTarget {
  id: string;
  address: GabunganAddress;
  charset: string;
  collation: string;
  /** The application whose invariants hold in it. */
  app: App;
}

export interface GabunganTools {
  gabungan: Gabungan;
  /** Container, database, owner and reader; safe to repeat. */
  create(): Promise<void>;
  record(state: 'creating' | 'running' | 'absent'): Promise<void>;
  recordSeen(seen: { fingerprint: SchemaFingerprint; invariants: InvariantResult[] }): Promise<void>;
  say(level: 'info' | 'warn' | 'error', line: string): Promise<void>;
}

/** The merged database itself, with its owner and the kabupaten's reader. */
export const createGabungan: Step<GabunganTarget, GabunganTools, null> = {
  name: 'create-gabungan',
  async plan({ address }) {
    const place = address.container ? `container ${address.container}` : `${address.host}:${address.port}`;
    return {
      says: [
        `make database ${address.database} in ${place}, owner ${address.owner.user}, reader ${address.reader.user}, passwords [rahasia]`,
      ],
      before: null,
    };
  },
  async run(_target, tools) {
    await tools.record('creating');
    await tools.create();
    await tools.record('running');
  },
  async verify({ address }, tools) {
    if ((await tools.gabungan.count('SELECT 1')) !== 1)
      throw new NotProved('gabungan-not-answering', { name: address.name });
  },
  undo: Object.assign((_target: GabunganTarget, tools: GabunganTools) => tools.record('absent'), {
    reason: 'a database is never dropped by itself; what was made is used by the next try',
  }),
};

/** Looks at schema and invariants and records what it saw; a broken invariant is shown, not hidden. */
export const lookAtGabungan: Step<GabunganTarget, GabunganTools, null> = {
  name: 'look-at-gabungan',
  async plan({ app, address }) {
    return { says: [`check ${app.invariants.length} invariants of ${address.database}`], before: null };
  },
  async run({ app }, tools) {
    const isEmpty = (await tools.gabungan.tables()).length === 0;
    const invariants = isEmpty ? [] : await tools.gabungan.invariants(app.invariants);
    await tools.recordSeen({ fingerprint: await tools.gabungan.fingerprint(), invariants });
    for (const { name, expected, observed } of invariants)
      await tools.say(expected === observed ? 'info' : 'error', `${name}: ${observed} (expected ${expected})`);
  },
  verify: async () => {},
  undo: leave('looks only'),
};

export interface StartGabunganTools extends GabunganTools {
  isRunning(): Promise<boolean>;
}

/** The container of a merged database runs again; its rows lie in a volume that nobody touches. */
export const startGabungan: Step<GabunganTarget, StartGabunganTools, null> = {
  name: 'start-gabungan',
  async plan({ address }, tools) {
    return { says: (await tools.isRunning()) ? [] : [`start the container of gabungan ${address.name}`], before: null };
  },
  run: (_target, tools) => tools.create(),
  async verify({ address }, { gabungan }) {
    if ((await gabungan.count('SELECT 1')) !== 1) throw new NotProved('gabungan-not-answering', { name: address.name });
  },
  undo: leave('a database that runs is left running'),
};

import { randomUUID } from 'node:crypto';
import type { Problem } from '#libs/contract/contract.js';
import {
  rolloutSettings,
  type Blocker,
  type Rehearsal,
  type RolloutPlan,
  type RolloutSettings,
  type RolloutWhole,
} from '#libs/contract/rollouts.js';
import type { Fleet } from './fake-fleet.js';

export const now = () => new Date().toISOString();
const noCounts = () => ({ waiting: 0, running: 0, done: 0, failed: 0, held: 0, already: 0 });

export interface Asked {
  gabungan: string;
  app: string;
  version: string;
  settings?: Partial<RolloutSettings> | undefined;
}

/** Wave sizes over the desa that move: a number, or a share of those left. */
const waveOf = (position: number, amount: number, waves: RolloutSettings['waves']): number => {
  let taken = 0;
  for (const [wave, size] of waves.entries()) {
    taken += 'count' in size ? size.count : Math.ceil(((amount - taken) * size.percent) / 100);
    if (position < taken) return wave;
  }
  return waves.length - 1;
};

const blockersOf = (fleet: Fleet, code: string): Blocker[] => {
  const desa = fleet.desa.find((one) => one.code === code);
  const isHeld = fleet.holds.some((hold) => hold.code === code);
  const isUnhealthy = desa?.installations.some(
    ({ wantedVersion, observedVersion }) => wantedVersion !== observedVersion,
  );
  return [...(isHeld ? (['held'] as const) : []), ...(isUnhealthy ? (['unhealthy'] as const) : [])];
};

export const aPlan = (fleet: Fleet, { gabungan, app, version, settings }: Asked): RolloutPlan => {
  const { waves } = rolloutSettings.parse(settings ?? {});
  const installed = fleet.desa.filter(({ installations }) => installations.length > 0);
  const desa = installed.map((one) => {
    const from = one.installations[0]?.observedVersion ?? null;
    const isAlready = from === version;
    return {
      desaId: one.id,
      code: one.code,
      name: one.name,
      kecamatan: one.kecamatanName,
      server: 'pusat',
      from,
      to: version,
      wave: null as number | null,
      blockers: isAlready ? [] : blockersOf(fleet, one.code),
      isAlready,
    };
  });
  const moving = desa.filter(({ isAlready, blockers }) => !isAlready && blockers.length === 0);
  moving.forEach((one, position) => (one.wave = waveOf(position, moving.length, waves)));
  const release = fleet.releases.find((known) => known.version === version);
  const problems =
    release?.state === 'withdrawn' ? [{ code: 'release-withdrawn', data: { version: release.version } }] : [];
  return {
    gabungan,
    app,
    version,
    isCodeOnly: false,
    desa,
    predictedSeconds: moving.length * 9,
    predictedDowntimeSeconds: 0,
    problems,
  };
};

export const aRehearsal = (runId: string, verdict: Rehearsal['verdict'] = 'rolling'): Rehearsal => ({
  runId,
  verdict,
  because: { code: `rehearsal-${verdict}`, data: {} },
  migrationSeconds: 38,
  isCodeOnly: false,
  fingerprint: { sha256: 'b1f8d2c39a77e5504411', tables: 214, views: 17 },
  schemaChanges: [
    '+ tweb_penduduk.nomor_telepon varchar(20)',
    '- log_surat.lama',
    '~ config.kode_desa char(10) -> varchar(13)',
  ],
  rowsLost: verdict === 'unusable' ? [{ table: 'tweb_penduduk', ownId: 7, before: 2140, after: 2011 }] : [],
  swallowedErrors: verdict === 'rolling' ? [] : ["SQLSTATE[42S22]: Unknown column 'lama' in 'field list'"],
  pages: Array.from({ length: 130 }, (_, position) => ({
    path:
      ['/index.php/first', '/index.php/penduduk', '/index.php/surat', '/index.php/keuangan'][position % 4]! +
      (position < 4 ? '' : `/${position}`),
    before: 200,
    old: position === 17 && verdict !== 'rolling' ? 500 : 200,
    new: position === 3 ? 404 : position === 40 ? null : 200,
    isWorse: position === 3 || position === 40 || (position === 17 && verdict !== 'rolling'),
  })),
});

/** Counts, failures and states of a rollout told anew from its desa. */
export const recount = (rollout: RolloutWhole): RolloutWhole => {
  for (const wave of rollout.waves) {
    wave.counts = noCounts();
    for (const desa of rollout.desa) if (desa.wave === wave.position) wave.counts[desa.state] += 1;
    const isOpen = wave.state !== 'running' || wave.counts.waiting + wave.counts.running > 0;
    wave.settledAt = isOpen ? null : (wave.settledAt ?? now());
  }
  const groups = new Map<string, RolloutWhole['failures'][number]>();
  for (const { state, signature, problem, code } of rollout.desa) {
    if (state !== 'failed' || !signature || !problem) continue;
    const group = groups.get(signature) ?? { signature, problem, desa: [] };
    groups.set(signature, { ...group, desa: [...group.desa, code] });
  }
  rollout.failures = [...groups.values()];
  return rollout;
};

export const aRollout = (fleet: Fleet, asked: Asked): RolloutWhole => {
  const plan = aPlan(fleet, asked);
  const settings = rolloutSettings.parse(asked.settings ?? {});
  const moving = plan.desa.filter(({ wave }) => wave !== null);
  const amount = Math.max(...moving.map(({ wave }) => wave! + 1), 0);
  return recount({
    id: randomUUID(),
    kabupatenId: fleet.kabupaten[0]!.id,
    gabungan: asked.gabungan,
    app: asked.app,
    version: asked.version,
    state: 'draft',
    phase: 'rehearse',
    planHash: '7c1e94d05b2fa8c36e1d90b74a55f2c8e0137d6b9a4c2f81e5d3b60794ac18f2',
    askedBy: 'admin',
    approvedBy: null,
    problem: null,
    createdAt: now(),
    startedAt: null,
    endedAt: null,
    waves: Array.from({ length: amount }, (_, position) => ({
      position,
      state: 'waiting',
      startedAt: null,
      settledAt: null,
      endedAt: null,
      releasedBy: null,
      startedAfterMilliseconds: null,
      counts: noCounts(),
    })),
    settings,
    plan,
    rehearsal: null,
    desa: moving.map(({ desaId, code, name, server, wave }) => ({
      desaId,
      code,
      name,
      server,
      wave: wave!,
      state: 'waiting',
      runId: null,
      signature: null,
      problem: null,
    })),
    failures: [],
    runs: [],
  });
};

export const rolloutProblem = (code: string, title: string, detail: string, hint: string): Problem => ({
  type: `urn:siappakai:problem:${code}`,
  title,
  status: 409,
  code,
  detail,
  hint,
  data: {},
});

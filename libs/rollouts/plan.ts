import type { Blocker, RolloutPlan } from '#libs/contract/rollouts.js';
import { compareVersions, parseVersion } from '#libs/releases/version.js';
import type { PlanDesa, PlanFacts } from './plan-facts.js';
import { isSameVersion } from './same-version.js';
import { spread, waveSizes } from './spread.js';
import { countBy } from './window-end.js';

type PlannedDesa = RolloutPlan['desa'][number];
type PlanProblem = RolloutPlan['problems'][number];

/** Newest month of releases that a subscription pays for, `vYYMM`: the one of its last day. */
const paidMonth = (endsOn: string): string => `v${endsOn.slice(2, 4)}${endsOn.slice(5, 7)}`;

/** Only premium is paid for. A release is of the month it is named after, not of the day it came out. */
const isUnpaid = ({ subscriptionEndsOn }: PlanDesa, { release }: PlanFacts): boolean =>
  release.edition === 'premium' &&
  subscriptionEndsOn != null &&
  parseVersion(release.version).month > parseVersion(paidMonth(subscriptionEndsOn)).month;

/** In the order in which they are shown. */
const BLOCKERS: Readonly<Record<Blocker, (desa: PlanDesa, facts: PlanFacts) => boolean>> = {
  held: (desa) => desa.isHeld,
  edition: (desa, { release }) => desa.edition !== null && desa.edition !== release.edition,
  subscription: isUnpaid,
  broken: (desa) => desa.isBroken,
  unhealthy: (desa) => desa.isUnhealthy,
  disk: (desa, { fullServers }) => fullServers.has(desa.serverId),
  busy: (desa) => desa.isBusy,
};

const blockersOf = (desa: PlanDesa, facts: PlanFacts): Blocker[] =>
  (Object.keys(BLOCKERS) as Blocker[]).filter((blocker) => BLOCKERS[blocker](desa, facts));

const isAlready = ({ from }: PlanDesa, { release }: PlanFacts): boolean => isSameVersion(from, release.version);

const running = ({ gabungan, release }: PlanFacts): { running: string; wanted: string } | null =>
  gabungan.version === null ? null : { running: gabungan.version, wanted: release.version };

/** What stops the whole plan: each answers its data when it holds. */
const PROBLEMS: readonly (readonly [code: string, holds: (facts: PlanFacts) => PlanProblem['data'] | null])[] = [
  ['release-withdrawn', ({ release }) => (release.isWithdrawn ? { version: release.version } : null)],
  [
    'release-not-built',
    ({ release }) => (release.isWithdrawn || release.state === 'built' ? null : { version: release.version }),
  ],
  [
    'edition-differs',
    ({ release, gabungan }) =>
      release.edition === gabungan.edition
        ? null
        : { release: release.edition, gabungan: gabungan.edition, name: gabungan.name },
  ],
  [
    'release-below-running',
    (facts) => {
      const pair = running(facts);
      return pair && !facts.mayGoBack && compareVersions(pair.wanted, pair.running) < 0 ? pair : null;
    },
  ],
  [
    'release-below-minimum',
    (facts) => {
      const [pair, minimum] = [running(facts), facts.release.minimumVersion];
      return pair && minimum !== null && compareVersions(pair.running, minimum) < 0 ? { ...pair, minimum } : null;
    },
  ],
];

const problemsOf = (facts: PlanFacts): PlanProblem[] =>
  PROBLEMS.flatMap(([code, holds]) => {
    const data = holds(facts);
    return data ? [{ code, data }] : [];
  });

/** In the order of going, each with its wave. */
function inWaves(movable: readonly PlanDesa[], { settings, seed }: PlanFacts): (readonly [PlanDesa, number])[] {
  const order = spread(movable, settings.canary, seed);
  const canary = order.filter(({ code }) => settings.canary.includes(code)).length;
  const waves = waveSizes(settings.waves, order.length, canary).flatMap((size, wave) => Array<number>(size).fill(wave));
  return order.map((desa, index) => [desa, waves[index]!] as const);
}

export function median(seconds: readonly number[]): number | null {
  if (seconds.length === 0) return null;
  const sorted = [...seconds].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Waves one after the other, each as long as its busiest server, and the migration before them. Gates are not counted. */
function predict(waves: readonly (readonly [PlanDesa, number])[], facts: PlanFacts): number | null {
  const each = median(facts.history.desaSeconds);
  const migration = facts.isCodeOnly ? 0 : facts.history.migrationSeconds;
  if (each === null || migration === null) return null;
  const loads = countBy(waves, ([desa, wave]) => `${wave} ${desa.serverId}`);
  const rounds = new Map<string, number>();
  for (const [key, load] of loads) {
    const wave = key.split(' ', 1)[0]!;
    rounds.set(wave, Math.max(rounds.get(wave) ?? 0, Math.ceil(load / facts.settings.perServer)));
  }
  return Math.round(migration + each * [...rounds.values()].reduce((sum, round) => sum + round, 0));
}

function downtime(facts: PlanFacts, predicted: number | null): number | null {
  if (facts.isCodeOnly || facts.isRolling === true) return 0;
  return facts.isRolling === false ? predicted : null;
}

/** What a rollout would do. The order of `desa` is the order of going; those that are not moved stand behind, by code. */
export function planRollout(facts: PlanFacts): RolloutPlan {
  const shown = (desa: PlanDesa, more: Pick<PlannedDesa, 'wave' | 'blockers' | 'isAlready'>): PlannedDesa => {
    const { desaId, code, name, kecamatan, server, from } = desa;
    const paid = more.blockers.includes('subscription') ? { newestMonth: paidMonth(desa.subscriptionEndsOn!) } : {};
    return { desaId, code, name, kecamatan, server, from, to: facts.release.version, ...more, ...paid };
  };
  const byCode = [...facts.desa].sort((left, right) => (left.code < right.code ? -1 : 1));
  const looked = byCode.map((desa) => ({
    desa,
    isAlready: isAlready(desa, facts),
    blockers: isAlready(desa, facts) ? [] : blockersOf(desa, facts),
  }));
  const still = looked.filter((one) => one.isAlready || one.blockers.length > 0);
  const movable = looked.filter((one) => !one.isAlready && one.blockers.length === 0).map(({ desa }) => desa);
  const waves = inWaves(movable, facts);
  const predictedSeconds = predict(waves, facts);
  return {
    gabungan: facts.gabungan.name,
    app: facts.release.app,
    version: facts.release.version,
    isCodeOnly: facts.isCodeOnly,
    desa: [
      ...waves.map(([desa, wave]) => shown(desa, { wave, blockers: [], isAlready: false })),
      ...still.map(({ desa, ...more }) => shown(desa, { wave: null, ...more })),
    ],
    predictedSeconds,
    predictedDowntimeSeconds: downtime(facts, predictedSeconds),
    problems: problemsOf(facts),
  };
}

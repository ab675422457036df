import { createHash } from 'node:crypto';
import type { RolloutPlan, RolloutSettings } from '#libs/contract/rollouts.js';

type PlannedDesa = RolloutPlan['desa'][number];

/** Keys in order at every depth, so that the same values always read the same. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.sort(([left], [right]) => (left < right ? -1 : 1)).map(([k, v]) => [k, canonical(v)]),
  );
}

/**
 * What is approved: which desa go from where to where, in which order and wave, under which settings. Predictions and
 * names are left out: they may get better while nothing that was approved changes.
 */
export function planHash(plan: RolloutPlan, settings: RolloutSettings, seed: number): string {
  const { gabungan, app, version, isCodeOnly, problems } = plan;
  const desa = plan.desa.map(({ desaId, from, to, server, wave, blockers, isAlready }) => ({
    desaId,
    from,
    to,
    server,
    wave,
    blockers: [...blockers].sort(),
    isAlready,
  }));
  const facts = { gabungan, app, version, isCodeOnly, problems, desa, settings, seed };
  return createHash('sha256')
    .update(JSON.stringify(canonical(facts)))
    .digest('hex');
}

export type PlanChangeCode =
  'desa-added' | 'desa-gone' | 'hold-changed' | 'desa-moved' | 'desa-changed' | 'blockers-changed' | 'release-changed';
/** `desa`: their codes; empty when the whole plan is meant. */
export interface PlanChange {
  code: PlanChangeCode;
  data: { desa: string[] };
}

const isHeld = ({ blockers }: PlannedDesa): boolean => blockers.includes('held');
/** Busy passes by itself and is looked at again before the desa's turn; held is told apart. */
const lasting = ({ blockers }: PlannedDesa): string =>
  blockers
    .filter((blocker) => blocker !== 'busy' && blocker !== 'held')
    .sort()
    .join();

const DIFFERS: Readonly<Partial<Record<PlanChangeCode, (was: PlannedDesa, is: PlannedDesa) => boolean>>> = {
  'hold-changed': (was, is) => isHeld(was) !== isHeld(is),
  'desa-moved': (was, is) => was.server !== is.server,
  'desa-changed': (was, is) => was.from !== is.from || was.isAlready !== is.isAlready,
  'blockers-changed': (was, is) => lasting(was) !== lasting(is),
};

const releaseFacts = ({ gabungan, app, version, isCodeOnly, problems }: RolloutPlan): string =>
  JSON.stringify(canonical({ gabungan, app, version, isCodeOnly, problems }));

const without = (desa: readonly PlannedDesa[], others: ReadonlyMap<string, PlannedDesa>): string[] =>
  desa.filter(({ desaId }) => !others.has(desaId)).map(({ code }) => code);

/** Why an approval no longer holds; empty while the world is the one that was approved. */
export function whatChanged(planned: RolloutPlan, now: RolloutPlan): PlanChange[] {
  const [was, is] = [planned, now].map(({ desa }) => new Map(desa.map((one) => [one.desaId, one]))) as [
    Map<string, PlannedDesa>,
    Map<string, PlannedDesa>,
  ];
  const differing = (differs: (was: PlannedDesa, is: PlannedDesa) => boolean): string[] =>
    now.desa.filter((one) => was.has(one.desaId) && differs(was.get(one.desaId)!, one)).map(({ code }) => code);
  const found: [PlanChangeCode, string[]][] = [
    ['desa-added', without(now.desa, was)],
    ['desa-gone', without(planned.desa, is)],
    ...Object.entries(DIFFERS).map(([code, differs]): [PlanChangeCode, string[]] => [
      code as PlanChangeCode,
      differing(differs),
    ]),
  ];
  const changes = found
    .filter(([, desa]) => desa.length > 0)
    .map(([code, desa]) => ({ code, data: { desa: desa.sort() } }));
  const isReleaseOther = releaseFacts(planned) !== releaseFacts(now);
  return isReleaseOther ? [...changes, { code: 'release-changed', data: { desa: [] } }] : changes;
}

import type { Rollout, RolloutPlan, RolloutWhole } from '#libs/contract/rollouts.js';
import { rolloutDesaLook, type RolloutDesaState } from '../../kit/state.js';

export type Counts = Rollout['waves'][number]['counts'];
export type PlanDesa = RolloutPlan['desa'][number];
export const countNames = Object.keys(rolloutDesaLook) as RolloutDesaState[];

export const sumOf = (waves: Rollout['waves']): Counts => {
  const sum: Counts = { waiting: 0, running: 0, done: 0, failed: 0, held: 0, already: 0 };
  for (const { counts } of waves) for (const name of countNames) sum[name] += counts[name];
  return sum;
};

/** A desa of a plan goes into a wave, is there already, or stays out for a reason. */
export type Part = 'moves' | 'already' | 'blocked';
export const partOf = ({ wave, isAlready }: PlanDesa): Part =>
  isAlready ? 'already' : wave === null ? 'blocked' : 'moves';

export const partsOf = ({ desa }: RolloutPlan): Record<Part, PlanDesa[]> => ({
  moves: desa.filter((one) => partOf(one) === 'moves'),
  already: desa.filter((one) => partOf(one) === 'already'),
  blocked: desa.filter((one) => partOf(one) === 'blocked'),
});

/** The release that most of the moved desa came from; nothing when they came from nowhere. */
export const releaseBefore = ({ desa }: Pick<RolloutPlan, 'desa'>): string | undefined => {
  const counts = new Map<string, number>();
  for (const { from, wave } of desa) if (from && wave !== null) counts.set(from, (counts.get(from) ?? 0) + 1);
  return [...counts].sort(([, left], [, right]) => right - left)[0]?.[0];
};

/** The wave that is under way or halted, or else the next one. */
export const currentWave = ({ waves }: Pick<Rollout, 'waves'>) =>
  waves.find(({ state }) => state === 'running' || state === 'failed') ??
  waves.find(({ state }) => state === 'waiting');

/** The wave whose desa come next: behind a gate it is the one after. */
export const comingWave = (rollout: Pick<Rollout, 'waves' | 'state' | 'phase'>) => {
  const gate = waveAtGate(rollout);
  return gate ? rollout.waves[gate.position + 1] : currentWave(rollout);
};

/** The wave that has settled and waits at its gate, with another one behind it. */
export const waveAtGate = ({ waves, state, phase }: Pick<Rollout, 'waves' | 'state' | 'phase'>) => {
  if (state !== 'running' || phase !== 'waves') return undefined;
  return waves.find(
    (wave, position) => wave.state === 'running' && wave.settledAt !== null && waves[position + 1]?.state === 'waiting',
  );
};

/** The gate that only a person opens. */
export const gateForPerson = (rollout: Pick<RolloutWhole, 'waves' | 'state' | 'phase' | 'settings'>) => {
  const wave = rollout.settings.needsYes ? waveAtGate(rollout) : undefined;
  return wave && wave.releasedBy === null ? wave : undefined;
};

/** When the quiet minutes after a wave are over. */
export const soakEnd = ({ settledAt }: Rollout['waves'][number], minutes: number): string | null =>
  settledAt === null ? null : new Date(Date.parse(settledAt) + minutes * 60_000).toISOString();

import type { RolloutChange, RolloutWhole } from './rollouts.js';

const isSame = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

/** What is different, desa one by one; null when nothing is, undefined when other desa take part and all is told anew. */
export function changeOf(before: RolloutWhole, after: RolloutWhole): RolloutChange | null | undefined {
  const were = new Map(before.desa.map((one) => [one.desaId, one]));
  if (before.desa.length !== after.desa.length || after.desa.some(({ desaId }) => !were.has(desaId))) return undefined;
  const { desa, ...rest } = after;
  const changed = Object.entries(rest).filter(([name, value]) => !isSame(before[name as keyof RolloutWhole], value));
  const moved = desa.filter((one) => !isSame(were.get(one.desaId), one));
  if (changed.length === 0 && moved.length === 0) return null;
  return { ...Object.fromEntries(changed), ...(moved.length > 0 ? { desa: moved } : {}) };
}

/** The whole again, after a change was heard. */
export function withChange(whole: RolloutWhole, { desa = [], ...rest }: RolloutChange): RolloutWhole {
  const moved = new Map(desa.map((one) => [one.desaId, one]));
  return { ...whole, ...rest, desa: whole.desa.map((one) => moved.get(one.desaId) ?? one) };
}

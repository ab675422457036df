import type { DesaSeen, Decision, RolloutSeen } from './rollout.js';

const secondsOfDesa = ({ predictedDesaSeconds, settings }: RolloutSeen): number =>
  predictedDesaSeconds ?? settings.deadlineSeconds;

export function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

/** The busiest server decides how long a wave takes. */
export function waveSeconds(seen: RolloutSeen, desa: readonly DesaSeen[]): number {
  const most = Math.max(0, ...countBy(desa, ({ serverId }) => serverId).values());
  return Math.ceil(most / seen.settings.perServer) * secondsOfDesa(seen);
}

export const openDesaOf = (seen: RolloutSeen, wave: number): DesaSeen[] =>
  seen.desa.filter((desa) => desa.wave === wave && ['waiting', 'running'].includes(desa.state) && !desa.isHeld);

/** In a maintenance window every desa is down from the migration until it is flipped, so all of it must fit. */
export function migrateSeconds(seen: RolloutSeen): number {
  const migration = seen.predictedMigrationSeconds ?? secondsOfDesa(seen);
  if (seen.rehearsal?.verdict !== 'window') return migration;
  return seen.waves.reduce(
    (sum, { position }) => sum + waveSeconds(seen, openDesaOf(seen, position)),
    migration + (seen.waves.length - 1) * seen.settings.soakMinutes * 60,
  );
}

export const endsAfterWindow = ({ windowEndsAt }: RolloutSeen, now: Date, seconds: number): boolean =>
  windowEndsAt !== null && now.getTime() + seconds * 1000 > windowEndsAt.getTime();

export const oneDesaEndsAfterWindow = (seen: RolloutSeen, now: Date): boolean =>
  endsAfterWindow(seen, now, secondsOfDesa(seen));

/** The clock goes on in its next window. */
export const windowCloses = ({ windowEndsAt }: RolloutSeen): Decision => ({
  do: 'pause',
  reason: { code: 'window-closes', data: { windowEndsAt: windowEndsAt?.toISOString() ?? null } },
});

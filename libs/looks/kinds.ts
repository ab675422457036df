import type { DriftKind } from '#libs/contract/looks.js';

export interface Traits {
  /** On what a repair is a run; null: a person has to do something that no run can. */
  repairedBy: 'desa' | 'gabungan' | 'server' | null;
  /** It only starts or places what the records say: the clock may, where the policy says so. */
  isSafe: boolean;
  /** Dead is dead: told at the first sight. Everything else may be a swap, and is seen twice before it is told. */
  isDead: boolean;
}

const of = (repairedBy: Traits['repairedBy'], more: Partial<Traits> = {}): Traits => ({
  repairedBy,
  isSafe: false,
  isDead: false,
  ...more,
});

export const KINDS: Readonly<Record<DriftKind, Traits>> = {
  'server-away': of(null, { isDead: true }),
  'disk-filling': of(null),
  'gateway-missing': of('server', { isSafe: true }),
  'gateway-stopped': of('server', { isSafe: true, isDead: true }),
  // Made anew: nobody is let in for some seconds.
  'gateway-settings': of('server'),
  // The proxy goes on asking by itself; what keeps it from one is outside, and a person's.
  'certificate-missing': of(null),
  'certificate-ending': of(null),
  // Its rows lie in a volume; that there is one to be started on again is for a person to see first.
  'gabungan-missing': of('gabungan'),
  'gabungan-stopped': of('gabungan', { isSafe: true, isDead: true }),
  'way-missing': of('desa', { isSafe: true }),
  'runtime-missing': of('desa', { isSafe: true }),
  'runtime-stopped': of('desa', { isSafe: true, isDead: true }),
  // Made anew: its desa are away for some seconds.
  'runtime-silent': of('desa'),
  'runtime-image': of('desa'),
  'runtime-settings': of('desa'),
  'site-missing': of('desa', { isSafe: true }),
  'site-silent': of('desa'),
  'site-other': of('desa'),
  'route-missing': of('desa', { isSafe: true }),
  'route-wrong': of('desa', { isSafe: true }),
  // Somebody's work may be in it.
  'container-unknown': of('server'),
};

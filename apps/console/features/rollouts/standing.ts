import type { Rollout } from '#libs/contract/rollouts.js';

export const phases = ['rehearse', 'backup', 'migrate', 'waves'] as const;
export type Phase = (typeof phases)[number];
export type Standing = 'done' | 'now' | 'halted' | 'next' | 'never' | 'skipped';

const current: Record<Rollout['state'], Standing> = {
  draft: 'next',
  approved: 'next',
  running: 'now',
  paused: 'halted',
  finished: 'done',
  stopped: 'halted',
};

/** How one phase stands, told from the state of the whole and the phase it is in. */
export const standingOf = (phase: Phase, rollout: Pick<Rollout, 'state' | 'phase'>, isCodeOnly: boolean): Standing => {
  if (isCodeOnly && (phase === 'backup' || phase === 'migrate')) return 'skipped';
  const distance = phases.indexOf(phase) - phases.indexOf(rollout.phase);
  if (rollout.state === 'finished' || distance < 0) return 'done';
  if (distance > 0) return rollout.state === 'stopped' ? 'never' : 'next';
  return current[rollout.state];
};

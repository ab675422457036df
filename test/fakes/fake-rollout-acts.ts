import { randomUUID } from 'node:crypto';
import type { Hold, RolloutWhole } from '#libs/contract/rollouts.js';
import { Refusal } from './fake-answers.js';
import type { Fleet } from './fake-fleet.js';
import { now, recount, rolloutProblem } from './fake-rollout.js';

export interface ActBody {
  hash?: string;
  desa?: string[];
  reason?: string;
}

export const aHold = (fleet: Fleet, code: string, reason: string, until: string | null = null): Hold => ({
  id: randomUUID(),
  code,
  name: fleet.desa.find((desa) => desa.code === code)?.name ?? '',
  reason,
  until,
  askedBy: 'admin',
  createdAt: now(),
});

const reopen = (rollout: RolloutWhole, codes: string[]) => {
  for (const desa of rollout.desa.filter(({ code }) => codes.includes(code))) {
    desa.state = 'waiting';
    const wave = rollout.waves[desa.wave];
    if (wave) Object.assign(wave, { state: 'running', endedAt: null });
  }
};

const holdAll = (fleet: Fleet, rollout: RolloutWhole, codes: string[], reason: string) => {
  for (const desa of rollout.desa.filter(({ code }) => codes.includes(code))) {
    desa.state = 'held';
    fleet.holds.push(aHold(fleet, desa.code, reason));
  }
  for (const wave of rollout.waves) if (wave.state === 'failed') wave.state = 'running';
};

const approve = (rollout: RolloutWhole, hash?: string) => {
  if (hash !== rollout.planHash)
    throw new Refusal(
      rolloutProblem('plan-changed', 'Rencana sudah berubah', 'Ada desa yang berubah.', 'Hitung rencana baru.'),
    );
  Object.assign(rollout, { state: 'approved', approvedBy: 'admin' });
};

const releaseGate = (rollout: RolloutWhole) => {
  const wave = rollout.waves.find(({ state, releasedBy }) => state === 'running' && !releasedBy);
  if (wave) wave.releasedBy = 'admin';
};

type Act = (fleet: Fleet, rollout: RolloutWhole, body: ActBody) => void;
export const acts: Record<string, Act> = {
  approve: (_, rollout, { hash }) => approve(rollout, hash),
  start: (_, rollout) => Object.assign(rollout, { state: 'running', startedAt: now() }),
  pause: (_, rollout) => Object.assign(rollout, { state: 'paused' }),
  resume: (_, rollout) => Object.assign(rollout, { state: 'running', problem: null }),
  stop: (_, rollout) => Object.assign(rollout, { state: 'stopped', endedAt: now() }),
  retry: (_, rollout, { desa }) => reopen(rollout, desa ?? []),
  hold: (fleet, rollout, { desa, reason }) => holdAll(fleet, rollout, desa ?? [], reason ?? ''),
  'release-gate': (_, rollout) => releaseGate(rollout),
};

export const actOn = (fleet: Fleet, rollout: RolloutWhole, name: string, body: ActBody): RolloutWhole => {
  acts[name]?.(fleet, rollout, body);
  return recount(rollout);
};

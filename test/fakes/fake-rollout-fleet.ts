import { policy } from '#libs/contract/rollouts.js';
import { aProblem, fullFleet, type Fleet } from './fake-fleet.js';
import { aRehearsal, aRollout, now, recount, rolloutProblem } from './fake-rollout.js';
import { aBackup, aKept } from './fake-gabungan-routes.js';
import { driftIn } from './fake-drift.js';
import { aHold } from './fake-rollout-acts.js';

const asked = { gabungan: 'limapuluhkota', app: 'opensid', version: 'v2602.0.0' };
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

/** A rollout stopped by its rule in the second wave, with two causes of failure; one that waits at its gate; a plan. */
export const rolloutFleet = (): Fleet => {
  const fleet = fullFleet();
  fleet.drift.push(...driftIn(fleet));
  fleet.holds.push(aHold(fleet, fleet.desa[7]!.code, 'Server desa sedang dipindahkan'));
  const paused = aRollout(fleet, {
    ...asked,
    settings: { stopAfter: { failures: 1, percent: 0 }, waves: [{ count: 2 }, { percent: 40 }, { percent: 100 }] },
  });
  Object.assign(paused, { state: 'paused', phase: 'waves', approvedBy: 'kepala', startedAt: ago(42) });
  paused.rehearsal = aRehearsal(fleet.runs[0]!.id);
  paused.waves.forEach((wave, position) => {
    if (position < 2)
      Object.assign(wave, { startedAt: ago(30 - position * 12), state: position ? 'failed' : 'passed' });
  });
  paused.waves[0]!.endedAt = ago(20);
  for (const [position, desa] of paused.desa.entries()) {
    if (position < 5) desa.state = 'done';
    if (position === 5 || position === 6 || position === 7)
      Object.assign(desa, {
        state: 'failed',
        signature: position === 7 ? 'place-site:disk-full' : 'probe-site:not-proved:500',
        problem:
          position === 7
            ? rolloutProblem(
                'disk-full',
                'Ruang simpan habis',
                'Server pusat kekurangan 412 MiB.',
                'Kosongkan ruang, lalu coba lagi.',
              )
            : aProblem(502, 'not-proved'),
      });
    if (position === 8) desa.state = 'held';
  }
  paused.problem = rolloutProblem(
    'wave-failed',
    'Gelombang 2 terhenti',
    '3 desa gagal, yang dibolehkan 1.',
    'Tahan desa yang gagal atau coba lagi, lalu lanjutkan.',
  );
  const gate = aRollout(fleet, { ...asked, settings: { needsYes: true } });
  Object.assign(gate, { state: 'running', phase: 'waves', approvedBy: 'kepala', startedAt: ago(9) });
  gate.rehearsal = aRehearsal(fleet.runs[0]!.id, 'window');
  Object.assign(gate.waves[0]!, { state: 'running', startedAt: ago(4) });
  gate.desa[0]!.state = 'done';
  fleet.backups.push(aBackup(0, 'newest'), aBackup(1, 'rollout'), aBackup(9, null));
  fleet.kept.push(aKept());
  fleet.rollouts.push(recount(paused), recount(gate), aRollout(fleet, asked));
  fleet.policies.set('1307 opensid', {
    kabupaten: '1307',
    app: 'opensid',
    rules: policy.parse({ isOn: true, canary: [fleet.desa[6]!.code], skipMonths: [`${new Date().getFullYear()}-12`] }),
    notes: [
      { at: now(), since: ago(300), code: 'outside-window', text: 'Menunggu pukul 22.00: di luar jam yang diizinkan.' },
      { at: ago(310), since: ago(310), code: 'prepared', text: 'Rilis v2602.0.0 diambil dan dibangun.' },
    ],
  });
  return fleet;
};

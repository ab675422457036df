import type { RolloutWhole } from '#libs/contract/rollouts.js';
import { anInstallation, aProblem, aRun, type Fleet } from './fake-fleet.js';
import { aRehearsal, now, recount, rolloutProblem } from './fake-rollout.js';

const phases = ['rehearse', 'backup', 'migrate', 'waves'] as const;

/** Plays rollouts by a clock of its own: phases one after another, then the waves, a desa a beat. */
export class FakeRollouts {
  private readonly beat: ReturnType<typeof setInterval>;
  /** Desa by code that fail, with the signature of their failure. */
  readonly failing = new Map<string, string>();
  /** While true no rollout moves, so that a test decides when. */
  isPaused = false;

  constructor(
    private readonly fleet: Fleet,
    milliseconds: number,
  ) {
    this.beat = setInterval(() => !this.isPaused && this.move(), milliseconds);
  }

  stop(): void {
    clearInterval(this.beat);
  }

  /** One beat of every rollout that runs. */
  move(): void {
    for (const rollout of this.fleet.rollouts)
      if (rollout.state === 'running') {
        if (rollout.phase === 'waves') this.moveWaves(rollout);
        else this.movePhase(rollout);
        recount(rollout);
      }
  }

  private movePhase(rollout: RolloutWhole): void {
    const { phase } = rollout;
    const gabungan = this.fleet.gabungan.find(({ name }) => name === rollout.gabungan);
    const run = aRun(phase, { kind: 'gabungan', id: gabungan?.id ?? rollout.id, label: rollout.gabungan }, 'done');
    Object.assign(run, { startedAt: now(), endedAt: now() });
    for (const step of run.steps) step.state = 'done';
    this.fleet.runs.push(run);
    rollout.runs.push(run);
    if (phase === 'rehearse') rollout.rehearsal = aRehearsal(run.id);
    rollout.phase = phases[phases.indexOf(phase) + 1] ?? 'waves';
  }

  private moveWaves(rollout: RolloutWhole): void {
    const wave = rollout.waves.find(({ state }) => state === 'running' || state === 'waiting');
    if (!wave) return this.finish(rollout);
    if (wave.state === 'waiting') return void Object.assign(wave, { state: 'running', startedAt: now() });
    const members = rollout.desa.filter((desa) => desa.wave === wave.position);
    for (const desa of members.filter(({ state }) => state === 'running')) this.end(rollout, desa);
    const failed = members.filter(({ state }) => state === 'failed').length;
    if (failed > (rollout.settings.stopAfter.failures ?? 0)) return this.halt(rollout, wave, failed);
    const next = members.filter(({ state }) => state === 'waiting').slice(0, 4);
    for (const desa of next) desa.state = 'running';
    if (next.length > 0) return;
    const isLast = rollout.waves.at(-1) === wave;
    if (rollout.settings.needsYes && !wave.releasedBy && !isLast) return;
    Object.assign(wave, { state: 'passed', endedAt: now() });
  }

  private end(rollout: RolloutWhole, desa: RolloutWhole['desa'][number]): void {
    const signature = this.failing.get(desa.code);
    if (signature)
      return void Object.assign(desa, { state: 'failed', signature, problem: aProblem(502, 'not-proved') });
    const known = this.fleet.desa.find(({ code }) => code === desa.code);
    if (known) known.installations = [anInstallation(rollout.version)];
    Object.assign(desa, { state: 'done', signature: null, problem: null });
  }

  private halt(rollout: RolloutWhole, wave: RolloutWhole['waves'][number], failed: number): void {
    wave.state = 'failed';
    rollout.state = 'paused';
    rollout.problem = rolloutProblem(
      'wave-failed',
      `Gelombang ${wave.position + 1} terhenti`,
      `${failed} desa gagal, lebih dari yang dibolehkan.`,
      'Tahan desa yang gagal atau coba lagi, lalu lanjutkan.',
    );
  }

  private finish(rollout: RolloutWhole): void {
    Object.assign(rollout, { state: 'finished', endedAt: now() });
  }
}

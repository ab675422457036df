import type { Decision, DesaSeen, EndDesa, Phase, RolloutSeen, RunSeen } from '#libs/rollouts/rollout.js';
import { decide } from '#libs/rollouts/decide.js';
import { desaSeen, rolloutSeen, runSeen, secondsFrom, settingsOf, waveSeen } from '#test/factories/rollouts.js';

const OPEN = ['queued', 'running', 'undoing'];
const ENDED = ['done', 'failed', 'held', 'already'];
export type Settings = ReturnType<typeof settingsOf>;
/** A run of a desa or, when `desaId` is null, of the gabungan. */
export type WorldRun = RunSeen & { desaId: string | null; phase: Phase };
export interface WorldPlan {
  settings: Settings;
  /** Desa of each wave. */
  waves: number[];
  isCodeOnly: boolean;
  windowHours: number | null;
}

/** Throws with the sentence that does not hold. */
export function must(holds: boolean, words: string): void {
  if (!holds) throw new Error(words);
}

/**
 * A rollout in memory, as the rows and the fleet would be: applies decisions under the guards that `Decision` asks
 * for, and checks each against what it knows itself, not against what `decide` was told.
 */
export class RolloutWorld {
  now = new Date('2026-02-10T15:00:00Z');
  readonly rollout: RolloutSeen;
  readonly runs: WorldRun[] = [];
  /** What each site really is, whatever runs say. */
  readonly sites = new Map<string, string>();
  readonly foreign = new Set<string>();
  resumedAt = new Date(0);
  pausedFor: string | null = null;
  ticks = 0;

  constructor(readonly plan: WorldPlan) {
    const desa = plan.waves.flatMap((count, wave) =>
      Array.from({ length: count }, (_, position) =>
        desaSeen(`${wave}-${position}`, { wave, position, serverId: `s${position % 2}` }),
      ),
    );
    this.rollout = rolloutSeen({
      ...{ state: 'running', phase: 'rehearse', rehearsal: null, desa, settings: plan.settings },
      waves: plan.waves.map((_, position) => waveSeen(position)),
      windowEndsAt: this.windowEnd(),
    });
  }

  windowEnd(): Date | null {
    return this.plan.windowHours === null ? null : secondsFrom(this.now, this.plan.windowHours * 3600);
  }
  pass(seconds: number): void {
    this.now = secondsFrom(this.now, seconds);
  }
  get openRuns(): WorldRun[] {
    return this.runs.filter(({ state }) => OPEN.includes(state));
  }
  runOf(desaId: string): WorldRun | null {
    return this.runs.filter((run) => run.desaId === desaId).at(-1) ?? null;
  }
  isBusy(desaId: string): boolean {
    const isLatched = this.runOf(desaId)?.state === 'broken';
    return this.foreign.has(desaId) || isLatched;
  }

  /** The rows as they would be read, in an order of no meaning. */
  view(): RolloutSeen {
    const { phase } = this.rollout;
    const ofPhase = this.runs.filter((run) => run.desaId === null && run.phase === phase).at(-1) ?? null;
    const isOlder = ofPhase !== null && ofPhase.createdAt <= this.resumedAt && !OPEN.includes(ofPhase.state);
    const isPast = isOlder && (phase === 'rehearse' || ofPhase.state !== 'done');
    const desa = this.rollout.desa.map((one) => ({
      ...one,
      run: this.runOf(one.desaId),
      hasForeignRun: this.isBusy(one.desaId),
    }));
    const waves = this.rollout.waves.map((wave) => ({ ...wave }));
    return { ...this.rollout, waves, desa: desa.reverse(), phaseRun: isPast ? null : ofPhase };
  }

  /** One ring of the bell; `times` workers that heard it one after the other with the same view. */
  ring(times = 1): number {
    const decisions = decide(this.view(), this.now);
    for (let time = 0; time < times; time += 1) for (const decision of decisions) this.apply(decision);
    this.ticks += 1;
    return decisions.length;
  }

  /** Until there is nothing more to do now. */
  settle(times = 1): void {
    const most = 20 + this.rollout.desa.length * 6;
    for (let round = 0; round <= most; round += 1) {
      if (this.ring(times) === 0) return;
      this.pass(1);
    }
    throw new Error('it never comes to rest');
  }

  apply(decision: Decision): void {
    const done = this.rollout.desa.filter(({ state }) => state === 'done');
    this.perform(decision);
    must(
      done.every(({ state }) => state === 'done'),
      'done fell',
    );
    const isTrue = ({ desaId }: DesaSeen): boolean => this.sites.get(desaId) === this.rollout.version;
    must(this.rollout.desa.filter(({ state }) => state === 'done').every(isTrue), 'done without a site that shows it');
  }

  private perform(decision: Decision): void {
    if (decision.do === 'end-desa') return this.endDesa(decision);
    if (this.rollout.state !== 'running') return;
    if (decision.do === 'start-desa') return this.startDesa(decision.desaId);
    if (decision.do === 'start-phase') return this.startPhase(decision.phase);
    if (decision.do === 'enter-phase') return void (this.rollout.phase = decision.phase);
    if (decision.do === 'finish') return this.finish();
    if (decision.do === 'pause') return this.pause(decision.reason.code);
    return this.moveWave(decision.do, decision.wave);
  }

  pause(code: string): void {
    if (this.rollout.state === 'running') [this.rollout.state, this.pausedFor] = ['paused', code];
  }

  private finish(): void {
    must(
      this.rollout.waves.every(({ state }) => state === 'passed'),
      'finished before every wave had passed',
    );
    must(
      this.rollout.desa.every(({ state }) => ENDED.includes(state)),
      'finished with a desa under way',
    );
    this.rollout.state = 'finished';
  }

  private endDesa({ desaId, state }: EndDesa): void {
    const desa = this.rollout.desa.find((one) => one.desaId === desaId);
    const from =
      state === 'held'
        ? ['waiting', 'failed']
        : ['running', ...(this.isBusy(desaId) || this.hasOpenRun(desaId) ? ['waiting'] : [])];
    if (desa && from.includes(desa.state)) desa.state = state;
  }

  private hasOpenRun(desaId: string): boolean {
    return this.openRuns.some((run) => run.desaId === desaId);
  }

  private startPhase(phase: Phase): void {
    if (this.openRuns.some((run) => run.desaId === null)) return;
    const done = this.runs.filter((run) => run.desaId === null && run.state === 'done').map((run) => run.phase);
    must(phase !== 'migrate' || done.includes('backup'), 'migrated without a backup');
    must(!done.includes(phase) || phase === 'rehearse', `did ${phase} twice`);
    this.startRun(null, phase);
  }

  private startRun(desaId: string | null, phase: Phase): void {
    this.runs.push({ ...runSeen({ id: `${this.runs.length}`, state: 'queued', createdAt: this.now }), desaId, phase });
  }

  private inWave(wave: number): DesaSeen[] {
    return this.rollout.desa.filter((desa) => desa.wave === wave);
  }
  /** The stop rule, told in another way than the product's. */
  private isBeyondRule(wave: number): boolean {
    const moved = this.inWave(wave).filter(({ state }) => !['held', 'already'].includes(state));
    const failures = moved.filter(({ state }) => state === 'failed').length;
    const { failures: number = Infinity, percent = Infinity } = this.rollout.settings.stopAfter;
    if (number === Infinity && percent === Infinity) return failures > 0;
    return failures > number || (moved.length > 0 && failures / moved.length > percent / 100);
  }
  private hasEvidence(wave: number): boolean {
    const moved = this.inWave(wave).filter(({ state }) => !['held', 'already'].includes(state));
    return moved.length === 0 || moved.some(({ desaId }) => this.sites.get(desaId) === this.rollout.version);
  }

  private assertOnward(wave: number): void {
    const { phase, isReleaseWithdrawn, windowEndsAt, waves } = this.rollout;
    must(phase === 'waves', 'touched a desa before the waves');
    must(!isReleaseWithdrawn, 'began something of a withdrawn release');
    must(windowEndsAt === null || this.now < windowEndsAt, 'began something outside the window');
    for (const { position, state } of waves.filter((one) => one.position < wave)) {
      must(state === 'passed', `wave ${wave} began before wave ${position} had passed`);
      must(this.hasEvidence(position), `wave ${wave} began without evidence for wave ${position}`);
    }
  }

  private startDesa(desaId: string): void {
    const desa = this.rollout.desa.find((one) => one.desaId === desaId);
    if (desa?.state !== 'waiting') return;
    this.assertOnward(desa.wave);
    must(!this.hasOpenRun(desaId) && !this.isBusy(desaId), 'two runs of one desa');
    must(!desa.isHeld, 'began a desa that is held');
    const current = this.rollout.waves.find(({ state }) => state !== 'passed');
    must(
      current === undefined || (current.state === 'running' && !this.isBeyondRule(current.position)),
      'began a desa beyond the stop rule',
    );
    Object.assign(desa, { state: 'running', startedAt: this.now, attempts: desa.attempts + 1 });
    this.startRun(desaId, 'waves');
    const onServer = this.openRuns.filter((run) =>
      this.rollout.desa.some((one) => one.desaId === run.desaId && one.serverId === desa.serverId),
    );
    must(onServer.length <= this.rollout.settings.perServer, 'too many at once on a server');
  }

  private moveWave(act: 'start-wave' | 'settle-wave' | 'pass-wave' | 'fail-wave', position: number): void {
    const wave = this.rollout.waves.find((one) => one.position === position)!;
    if (act === 'start-wave' && ['waiting', 'failed'].includes(wave.state)) {
      this.assertOnward(position);
      must(!this.isBeyondRule(position), 'began a wave beyond the stop rule');
      Object.assign(wave, {
        state: 'running',
        startedAt: wave.startedAt ?? this.now,
        settledAt: null,
        releasedAt: null,
      });
    }
    if (wave.state !== 'running') return;
    if (act === 'settle-wave') wave.settledAt = this.now;
    if (act === 'fail-wave') wave.state = 'failed';
    if (act === 'pass-wave') this.passWave(position);
  }

  private passWave(position: number): void {
    const { settings, waves } = this.rollout;
    const wave = waves.find((one) => one.position === position)!;
    const isLast = position === waves.length - 1;
    must(
      this.inWave(position).every(({ state }) => ENDED.includes(state)),
      'passed a wave with a desa under way',
    );
    must(!this.isBeyondRule(position) && this.hasEvidence(position), 'passed a wave that failed');
    must(isLast || !settings.needsYes || wave.releasedAt !== null, 'passed a gate without a yes');
    const soaked = this.now.getTime() - (wave.settledAt?.getTime() ?? Infinity) >= settings.soakMinutes * 60_000;
    must(isLast || soaked, 'passed a gate before the soak was over');
    wave.state = 'passed';
  }
}

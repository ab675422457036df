import type { RunWithSteps } from '#libs/contract/contract.js';
import { aProblem, type Fleet } from './fake-fleet.js';

/** Plays runs by a clock of its own; told to, it fails at a step and puts everything back. */
export class FakeRuns {
  private readonly timers = new Set<ReturnType<typeof setInterval>>();
  private lineId = 0;
  failsAt: string | null = null;
  /** While true no run moves, so that a test decides when. */
  isPaused = false;

  constructor(
    private readonly fleet: Fleet,
    private readonly stepMilliseconds: number,
  ) {}

  start(run: RunWithSteps, atEnd: () => void): RunWithSteps {
    this.fleet.runs.unshift(run);
    let position = -1;
    const beat = setInterval(() => {
      if (this.isPaused) return;
      if (!this.move(run, position)) return clearInterval(beat);
      position += 1;
      if (position < run.steps.length) return this.begin(run, position);
      Object.assign(run, { state: 'done', endedAt: new Date().toISOString() });
      atEnd();
      clearInterval(beat);
    }, this.stepMilliseconds);
    this.timers.add(beat);
    return run;
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  private begin(run: RunWithSteps, position: number): void {
    const at = new Date().toISOString();
    const step = run.steps[position]!;
    Object.assign(run, { state: 'running', startedAt: run.startedAt ?? at });
    Object.assign(step, { state: 'running', startedAt: at, attempts: 1 });
    this.say(run.id, `${step.name}: ${step.says[0] ?? ''}`);
  }

  /** Ends the step at this position; false when the run goes no further. */
  private move(run: RunWithSteps, position: number): boolean {
    if (run.state === 'cancelled') return false;
    const step = run.steps[position];
    if (!step) return true;
    const endedAt = new Date().toISOString();
    Object.assign(step, { state: 'done', endedAt });
    if (step.name !== this.failsAt) return true;
    const problem = aProblem(502, 'not-proved');
    for (const one of run.steps.slice(0, position)) one.state = 'undone';
    Object.assign(step, { state: 'failed', problem });
    Object.assign(run, { state: 'undone', problem, endedAt });
    return false;
  }

  private say(id: string, line: string): void {
    this.lineId += 1;
    const lines = this.fleet.logs.get(id) ?? [];
    this.fleet.logs.set(id, [
      ...lines,
      { id: this.lineId, at: new Date().toISOString(), level: 'info', step: null, line },
    ]);
  }
}

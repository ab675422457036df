import type { TicksService } from '#libs/rollouts/ticks.service.js';

/** Ticks rollouts: after each of their runs, and all that are open at every sweep. */
export class RolloutProcessor {
  private readonly active = new Map<string, { again: boolean }>();
  private sweeping?: Promise<void>;

  constructor(private readonly ticks: TicksService) {}

  /** Many runs may end at once: one tick at a time, and one more for whatever ended meanwhile. */
  async ring(rolloutId: string): Promise<void> {
    const under = this.active.get(rolloutId);
    if (under) {
      under.again = true;
      return;
    }
    const turn = { again: true };
    this.active.set(rolloutId, turn);
    try {
      while (turn.again) {
        turn.again = false;
        await this.ticks.tick(rolloutId);
      }
    } finally {
      this.active.delete(rolloutId);
    }
  }

  /** What a lost ring or a gate that opens by time left behind. A sweep that lasts is not doubled. */
  sweep(): Promise<void> {
    this.sweeping ??= this.ticks.sweep().finally(() => (this.sweeping = undefined));
    return this.sweeping;
  }
}

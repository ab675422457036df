import type { DataSource } from 'typeorm';
import type { Ringer } from '#libs/runs/runs.service.js';
import { apply, type Rings } from './apply.js';
import { decide } from './decide.js';
import { databaseNow, lockRollout, openRollouts } from './pg-rollout.js';
import { readSeen } from './pg-seen.js';

/** A wave that ends lets the next one start in the same tick: settle, pass, start, and its desa. */
const ROUNDS = 20;

/** Looks at a rollout, decides, writes down, rings. May be called at any time, by any number of workers. */
export class TicksService {
  constructor(
    private readonly db: DataSource,
    private readonly bell: Ringer,
    /** Tests set the time; otherwise it is the database's. */
    private readonly now?: () => Date,
  ) {}

  async tick(rolloutId: string): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { decisions, rings } = await this.round(rolloutId);
      // A bell that does not ring loses nothing: the sweeper finds the row.
      await Promise.all(rings.map((runId) => this.bell.ring(runId).catch(() => undefined)));
      if (decisions === 0) return;
    }
  }

  /** Every open rollout, one after the other; one that fails does not keep the others. Throws the first failure at the end. */
  async sweep(): Promise<void> {
    const failures: unknown[] = [];
    for (const id of await openRollouts(this.db)) await this.tick(id).catch((error) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }

  private round(rolloutId: string): Promise<{ decisions: number; rings: Rings }> {
    return this.db.transaction(async (manager) => {
      const rollout = await lockRollout(manager, rolloutId);
      if (!rollout) return { decisions: 0, rings: [] };
      const now = this.now?.() ?? (await databaseNow(manager));
      const decisions = decide(await readSeen(manager, rollout, now), now);
      const rings: Rings = [];
      for (const decision of decisions) rings.push(...(await apply({ manager, rollout, now }, decision)));
      return { decisions: decisions.length, rings };
    });
  }
}

import type { DataSource } from 'typeorm';
import type { Scope } from '#libs/auth/scope.js';
import type { Clock } from '#libs/core/clock.js';
import { asAppError, Conflict } from '#libs/core/errors.js';
import { withAdvisoryLock } from '#libs/database/advisory-lock.js';
import { chargesOf, CLOCK_ACTOR, note, readClockFacts, type Charge } from './pg-clock.js';
import type { PlansService } from './plans.service.js';
import { decideClock, type ClockAnswer } from './policy.js';
import type { Preparing } from './preparing.js';
import type { Reason } from './rollout.js';
import type { RolloutsService } from './rollouts.service.js';

type Of<Do extends ClockAnswer['do']> = Extract<ClockAnswer, { do: Do }>;
const LOOK_MILLISECONDS = 3_600_000;

export interface ClockActs {
  plans: PlansService;
  rollouts: RolloutsService;
  preparing: Preparing;
}

/** For each policy that is on: looks for releases, prepares them, opens rollouts inside the window, and tells what it did. */
export class ClockService {
  private lookedAt = 0;

  constructor(
    private readonly db: DataSource,
    private readonly acts: ClockActs,
    private readonly clock: Clock,
  ) {}

  /** Two workers may call it: one at a time, and what one did the other finds done. */
  tick(): Promise<void> {
    return withAdvisoryLock(this.db, 'rollout-clock', async () => {
      const charges = await chargesOf(this.db);
      if (this.clock.now().getTime() - this.lookedAt >= LOOK_MILLISECONDS) await this.look(charges);
      for (const charge of charges) await this.mind(charge);
    });
  }

  /** Once an hour. A source that does not answer is told; releases that are known go on. */
  private async look(charges: Charge[]): Promise<void> {
    this.lookedAt = this.clock.now().getTime();
    for (const app of new Set(charges.map((charge) => charge.app)))
      try {
        await this.acts.preparing.look(app);
      } catch (error) {
        const { code, data } = asAppError(error);
        for (const charge of charges.filter((one) => one.app === app)) await this.tell(charge, { code, data });
      }
  }

  private async mind(charge: Charge): Promise<void> {
    try {
      const answer = decideClock(await readClockFacts(this.db, charge), this.clock.now());
      await this.tell(charge, await this.act(charge, answer));
    } catch (error) {
      // What was refused is told where people look for it; the other kabupaten are not kept waiting.
      const { code, data } = asAppError(error);
      await this.tell(charge, { code, data });
    }
  }

  private act(charge: Charge, answer: ClockAnswer): Promise<Reason> {
    switch (answer.do) {
      case 'nothing':
        return Promise.resolve(answer.why);
      case 'prepare':
        return this.acts.preparing.prepare(charge, answer.version, this.clock.now());
      case 'open-rollout':
        return this.open(charge, answer);
      case 'go-on':
        return this.goOn(charge, answer);
    }
  }

  /** Under the policy's word: with four eyes or a yes wanted, a person approves what the clock has laid before them. */
  private async open(charge: Charge, { version, windowEndsAt, needsYes }: Of<'open-rollout'>): Promise<Reason> {
    const { plans, preparing } = this.acts;
    const { id, hash, isFourEyes } = await preparing.open(charge, version);
    if (needsYes || isFourEyes) return { code: 'waits-for-yes', data: { version } };
    const scope = scopeOf(charge);
    await plans.approve(scope, CLOCK_ACTOR, id, hash);
    await plans.start(scope, CLOCK_ACTOR, id, windowEndsAt);
    return { code: 'clock-opened', data: { version, windowEndsAt: windowEndsAt.toISOString() } };
  }

  private async goOn(charge: Charge, { rolloutId, windowEndsAt }: Of<'go-on'>): Promise<Reason> {
    const { plans, rollouts } = this.acts;
    const [row] = (await this.db.query(
      `SELECT r.state, release.version FROM rollout r JOIN release ON release.id = r.release_id WHERE r.id = $1`,
      [rolloutId],
    )) as { state: string; version: string }[];
    if (!row) throw new Conflict('rollout-state', { act: 'start', state: 'gone', needs: ['approved', 'paused'] });
    if (row.state === 'approved') await plans.start(scopeOf(charge), CLOCK_ACTOR, rolloutId, windowEndsAt);
    else await rollouts.resumeUntil(scopeOf(charge), CLOCK_ACTOR, rolloutId, windowEndsAt);
    return { code: 'clock-goes-on', data: { version: row.version, windowEndsAt: windowEndsAt.toISOString() } };
  }

  private tell(charge: Charge, reason: Reason): Promise<void> {
    return note(this.db, charge, reason, this.clock.now());
  }
}

const scopeOf = ({ kabupatenId }: Charge): Scope => ({ kabupatenIds: [kabupatenId] });

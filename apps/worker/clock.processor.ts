import type { DataSource } from 'typeorm';
import type { Config } from '#libs/config/config.js';
import { systemClock } from '#libs/core/clock.js';
import { Github } from '#libs/releases/github.js';
import { ReleasesService } from '#libs/releases/releases.service.js';
import { ClockService } from '#libs/rollouts/clock.service.js';
import { PlansService } from '#libs/rollouts/plans.service.js';
import { Preparing } from '#libs/rollouts/preparing.js';
import type { RolloutRinger } from '#libs/rollouts/rollout-ringer.js';
import { RolloutsService } from '#libs/rollouts/rollouts.service.js';
import { RunsService, type Ringer } from '#libs/runs/runs.service.js';
import { readApps } from '#libs/templates/read-app.js';

/** Windows begin at a minute, so it looks that often; sources of releases are asked once an hour (`ClockService`). */
const EVERY_MILLISECONDS = 60_000;

/** Lets the clock work, at once and then again and again, never twice at a time. */
export class ClockProcessor {
  private timer?: NodeJS.Timeout;
  private ticking?: Promise<void>;

  constructor(private readonly clock: Pick<ClockService, 'tick'>) {}

  open(): void {
    this.timer = setInterval(() => void this.tick(), EVERY_MILLISECONDS);
    void this.tick();
  }

  close(): void {
    clearInterval(this.timer);
  }

  /** A tick that fails as a whole (the database is away) is made again a minute later. */
  tick(): Promise<void> {
    this.ticking ??= this.clock
      .tick()
      .catch(() => undefined)
      .finally(() => (this.ticking = undefined));
    return this.ticking;
  }
}

export function clockOf(config: Config, db: DataSource, bell: Ringer & RolloutRinger): ClockService {
  const github = new Github(db, config.githubApi, config.githubToken);
  const releases = new ReleasesService(db, readApps(config.templatesFolder), config, github);
  const plans = new PlansService(db, undefined, bell);
  const preparing = new Preparing(db, new RunsService(db, bell), plans, (app) => releases.addNewest(app));
  return new ClockService(db, { plans, preparing, rollouts: new RolloutsService(db, undefined, bell) }, systemClock);
}

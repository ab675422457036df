import type { DataSource } from 'typeorm';
import { rolloutSettings, type RolloutSettings } from '#libs/contract/rollouts.js';
import { Conflict, NotFound } from '#libs/core/errors.js';
import type { RunsService } from '#libs/runs/runs.service.js';
import { CLOCK_ACTOR, preparationOf, serversWithout, type Charge } from './pg-clock.js';
import type { PlansService } from './plans.service.js';
import type { Reason } from './rollout.js';

interface ReleaseSeen {
  id: string;
  app: string;
  version: string;
  state: string;
}

/** What may be done outside the window: fetch, build, ship, rehearse. No desa is touched by it. */
export class Preparing {
  constructor(
    private readonly db: DataSource,
    private readonly runs: RunsService,
    private readonly plans: PlansService,
    /** Adds what is new at the source of an application. */
    readonly look: (app: string) => Promise<void>,
  ) {}

  /** One step further; called again until the release is prepared. A build that failed waits for a person. */
  async prepare(charge: Charge, version: string, now: Date): Promise<Reason> {
    const release = await this.find(charge.app, version);
    if (release.state === 'failed') return { code: 'release-not-built', data: { version } };
    if (release.state === 'added') await this.ask(() => this.build(charge, release));
    if (release.state === 'built') {
      await this.ship(charge, release);
      const problem = await this.rehearse(charge, release, now);
      if (problem) return problem;
    }
    return { code: 'clock-prepares', data: { version } };
  }

  private async find(app: string, version: string): Promise<ReleaseSeen> {
    const [release] = (await this.db.query(
      'SELECT id, app, version, state FROM release WHERE app = $1 AND version = $2',
      [app, version],
    )) as ReleaseSeen[];
    if (!release) throw new NotFound('release-unknown', { app, version });
    return release;
  }

  private build({ kabupatenId, serverId, app }: Charge, release: ReleaseSeen): Promise<unknown> {
    return this.runs.start(
      { kabupatenIds: [kabupatenId] },
      {
        verb: 'build',
        subjectKind: 'release',
        subjectId: release.id,
        subjectLabel: `${app} ${release.version}`,
        kabupatenId,
        app,
        input: { serverId },
        askedBy: CLOCK_ACTOR,
      },
    );
  }

  /** To every server over SSH where desa of this gabungan stand: a server that is away keeps nobody waiting but itself. */
  private async ship({ kabupatenId, gabunganId, app }: Charge, { id: releaseId, version }: ReleaseSeen): Promise<void> {
    for (const { id, name } of await serversWithout(this.db, { gabunganId, app, releaseId })) {
      const subject = { subjectKind: 'server' as const, subjectId: id, subjectLabel: name };
      const input = { releaseId, app, version, server: name };
      const wanted = { verb: 'ship', ...subject, kabupatenId, app, input, askedBy: CLOCK_ACTOR };
      await this.ask(() => this.runs.start({ kabupatenIds: [kabupatenId] }, wanted));
    }
  }

  private async rehearse(charge: Charge, release: ReleaseSeen, now: Date): Promise<Reason | undefined> {
    const { kabupatenId, gabunganId, gabungan, app } = charge;
    const { version } = release;
    const rolloutId = (await preparationOf(this.db, charge, version)) ?? (await this.draft(charge, version));
    const [problem] = await this.plans.problemsOf(rolloutId);
    if (problem) return problem;
    const input = { rolloutId, releaseId: release.id, version, app, mode: null };
    const wanted = { verb: 'rehearse', subjectId: gabunganId, subjectLabel: gabungan, kabupatenId, app, input };
    await this.ask(() =>
      this.runs.start(
        { kabupatenIds: [kabupatenId] },
        { ...wanted, subjectKind: 'gabungan', askedBy: CLOCK_ACTOR, rolloutId, at: now },
      ),
    );
    return undefined;
  }

  private draft(charge: Charge, version: string): Promise<string> {
    const { kabupatenId, gabungan, app } = charge;
    const wish = { gabungan, app, version, settings: settingsOf(charge) };
    return this.plans.plan({ kabupatenIds: [kabupatenId] }, CLOCK_ACTOR, wish, { isDryRun: true });
  }

  /** The gabungan or the release may be at work for somebody else: the next hour asks again. */
  private async ask(start: () => Promise<unknown>): Promise<void> {
    try {
      await start();
    } catch (error) {
      if (!(error instanceof Conflict) || error.code !== 'run-open') throw error;
    }
  }

  /** The rehearsed draft becomes a rollout that people see, planned anew under the rules that hold now. */
  async open(charge: Charge, version: string): Promise<{ id: string; hash: string; isFourEyes: boolean }> {
    const id = (await preparationOf(this.db, charge, version)) ?? (await this.draft(charge, version));
    const settings = settingsOf(charge);
    const hash = await this.plans.open({ kabupatenIds: [charge.kabupatenId] }, CLOCK_ACTOR, id, settings);
    return { id, hash, isFourEyes: settings.fourEyes };
  }
}

const settingsOf = ({ rules }: Charge): RolloutSettings =>
  rolloutSettings.parse({ ...rules.settings, ...(rules.canary.length > 0 ? { canary: rules.canary } : {}) });

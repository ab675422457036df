import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { readConfig, type Config } from '#libs/config/config.js';
import { joinFleet } from '#libs/database/data-folder.js';
import { openDatabase } from '#libs/database/database.js';
import { heardWhileMine } from '#libs/database/while-mine.js';
import { listen, openBell, type Bell, type Listener } from '#libs/queue/bell.js';
import { forgetOldPasswords } from '#libs/servers/ssh-server.js';
import { lookSoonAt } from '#libs/looks/pg-looks.js';
import { RunsService } from '#libs/runs/runs.service.js';
import { TicksService } from '#libs/rollouts/ticks.service.js';
import { readApps } from '#libs/templates/read-app.js';
import { carryWith } from './carry.js';
import { clockOf, ClockProcessor } from './clock.processor.js';
import { looksOf, LookProcessor } from './look.processor.js';
import { RolloutProcessor } from './rollout.processor.js';
import { RunProcessor } from './run.processor.js';
import { settleKept } from './settle-kept.js';
import { Workshop } from './tools.js';

const SWEEP_MILLISECONDS = 5000;
/** How often a server is looked through for what killed workers left. */
const TIDY_MILLISECONDS = 60_000;
/** Certificates are renewed months before their end. */
const WAYS_MILLISECONDS = 3_600_000;
const CONFIG = Symbol('config');
const BELL = Symbol('bell');
const workerName = (): string => `${hostname()}-${process.pid}`;

/** The whole wiring of the worker: configuration, database, workshop, processor, bell, sweeper. */
@Module({
  providers: [
    { provide: CONFIG, useFactory: () => readConfig() },
    {
      provide: Workshop,
      inject: [CONFIG],
      useFactory: async (config: Config) => {
        const db = await openDatabase(config.databaseUrl?.reveal() ?? '');
        await joinFleet(db, config);
        return new Workshop(heardWhileMine(db), config);
      },
    },
    { provide: BELL, inject: [CONFIG], useFactory: (config: Config) => openBell(config) },
    {
      provide: RolloutProcessor,
      inject: [Workshop, BELL],
      useFactory: ({ db }: Workshop, bell: Bell) => new RolloutProcessor(new TicksService(db, bell)),
    },
    {
      provide: ClockProcessor,
      inject: [CONFIG, Workshop, BELL],
      useFactory: (config: Config, { db }: Workshop, bell: Bell) => new ClockProcessor(clockOf(config, db, bell)),
    },
    {
      provide: LookProcessor,
      inject: [CONFIG, Workshop, BELL],
      useFactory: (config: Config, workshop: Workshop, bell: Bell) =>
        new LookProcessor(workshop.db, looksOf(workshop, readApps(config.templatesFolder), bell), workerName(), () =>
          workshop.ownEngines.servers(),
        ),
    },
    {
      provide: RunProcessor,
      inject: [CONFIG, Workshop, RolloutProcessor],
      useFactory: (config: Config, workshop: Workshop, rollouts: RolloutProcessor) =>
        new RunProcessor(
          workshop.db,
          carryWith(workshop, readApps(config.templatesFolder)),
          {
            name: workerName(),
            concurrency: config.workerConcurrency,
            leaseSeconds: config.leaseSeconds,
            ownServers: () => workshop.ownEngines.servers(),
          },
          // The run has ended well whatever becomes of this ring: the sweep rings again.
          async ({ rolloutId, verb, subjectKind, subjectId }) => {
            if (rolloutId) await rollouts.ring(rolloutId).catch(() => undefined);
            if (verb === 'repair' || verb === 'https')
              await lookSoonAt(workshop.db, subjectKind, subjectId).catch(() => undefined);
          },
        ),
    },
  ],
})
export class WorkerModule implements OnModuleInit, OnApplicationShutdown {
  private listener?: Listener;
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(RunProcessor) private readonly processor: RunProcessor,
    @Inject(RolloutProcessor) private readonly rollouts: RolloutProcessor,
    @Inject(ClockProcessor) private readonly clock: ClockProcessor,
    @Inject(LookProcessor) private readonly looks: LookProcessor,
    @Inject(BELL) private readonly bell: Bell,
    @Inject(Workshop) private readonly workshop: Workshop,
  ) {}

  async onModuleInit(): Promise<void> {
    this.listener = await listen(
      this.config,
      async ({ runId, rolloutId }) => {
        if (runId) await this.processor.take(runId);
        if (rolloutId) await this.rollouts.ring(rolloutId);
      },
      this.config.workerConcurrency * 2,
    );
    // What a worker before this one left behind is looked for at once.
    this.every(Math.min(SWEEP_MILLISECONDS, (this.config.leaseSeconds * 1000) / 3), () => this.look());
    this.every(TIDY_MILLISECONDS, () => this.workshop.sweepLeftovers());
    this.every(WAYS_MILLISECONDS, () => this.workshop.sweepWays());
    this.clock.open();
    this.looks.open();
  }

  /** Now and then again and again; a chore that fails is done at the next turn. */
  private every(milliseconds: number, chore: () => Promise<unknown>): void {
    const turn = (): void => void chore().catch(() => undefined);
    turn();
    this.timers.push(setInterval(turn, milliseconds));
  }

  /** Alive is who can look for work: neither a worker that hangs nor one whose database is gone comes to the last line. */
  private async look(): Promise<void> {
    await this.processor.sweep();
    await this.rollouts.sweep();
    // Servers that do not answer take their time: nobody waits for it.
    void this.workshop.probe().catch(() => undefined);
    await forgetOldPasswords(this.workshop.db);
    await settleKept(this.workshop.db, new RunsService(this.workshop.db, this.bell));
    if (this.config.aliveFile) await writeFile(this.config.aliveFile, '');
  }

  /** Runs under way are left to their leases: whoever starts next goes on at the same step. */
  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.clock.close();
    this.looks.close();
    this.processor.close();
    await Promise.race([this.listener?.close(), new Promise((resolve) => setTimeout(resolve, 2000))]);
    await Promise.race([this.bell.close(), new Promise((resolve) => setTimeout(resolve, 2000))]);
    await this.workshop.close();
    process.exit(0);
  }
}

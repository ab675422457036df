import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { readConfig, type Config } from '#libs/config/config.js';
import { openDatabase } from '#libs/database/database.js';
import { listen, type Listener } from '#libs/queue/bell.js';
import { readApps } from '#libs/templates/read-app.js';
import { carryWith } from './carry.js';
import { RunProcessor } from './run.processor.js';
import { Workshop } from './tools.js';

const SWEEP_MILLISECONDS = 5000;
const CONFIG = Symbol('config');

/** The whole wiring of the worker: configuration, database, workshop, processor, bell, sweeper. */
@Module({
  providers: [
    { provide: CONFIG, useFactory: () => readConfig() },
    {
      provide: Workshop,
      inject: [CONFIG],
      useFactory: async (config: Config) =>
        new Workshop(await openDatabase(config.databaseUrl?.reveal() ?? ''), config),
    },
    {
      provide: RunProcessor,
      inject: [CONFIG, Workshop],
      useFactory: (config: Config, workshop: Workshop) =>
        new RunProcessor(
          workshop.db,
          carryWith(workshop, readApps(config.templatesFolder)),
          `${hostname()}-${process.pid}`,
          config.workerConcurrency,
        ),
    },
  ],
})
export class WorkerModule implements OnModuleInit, OnApplicationShutdown {
  private listener?: Listener;
  private sweeper?: NodeJS.Timeout;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(RunProcessor) private readonly processor: RunProcessor,
    @Inject(Workshop) private readonly workshop: Workshop,
  ) {}

  async onModuleInit(): Promise<void> {
    this.listener = await listen(
      this.config,
      ({ runId }) => this.processor.take(runId),
      this.config.workerConcurrency * 2,
    );
    void this.workshop.sweepLeftovers().catch(() => undefined);
    this.sweeper = setInterval(() => void this.look().catch(() => undefined), SWEEP_MILLISECONDS);
  }

  /** Alive is who can look for work: neither a worker that hangs nor one whose database is gone comes to the last line. */
  private async look(): Promise<void> {
    await this.processor.sweep();
    if (this.config.aliveFile) await writeFile(this.config.aliveFile, '');
  }

  /** Runs under way are left to their leases: whoever starts next goes on at the same step. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.sweeper);
    this.processor.close();
    await Promise.race([this.listener?.close(), new Promise((resolve) => setTimeout(resolve, 2000))]);
    await this.workshop.close();
    process.exit(0);
  }
}

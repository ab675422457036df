import type { DataSource } from 'typeorm';
import { asAppError, Away, LeaseLost, NoPlace } from '#libs/core/errors.js';
import { outsideOfLease } from '#libs/core/still-mine.js';
import { claimRun, leftRuns, setAside, tellWaiting, whileLeased, type ClaimedRun } from '#libs/runs/lease.js';
import { pgJournal } from '#libs/runs/pg-journal.js';
import type { Journal } from '#libs/runs/journal.js';
import { recordAway } from '#libs/servers/circuits.js';
import { settle } from '#libs/provisioning/settle.js';

/** Carries one claimed run to its end; throws when it cannot even be aimed. */
export type Carry = (run: ClaimedRun, journal: Journal) => Promise<void>;
/** Told of every run that has ended; what it misses the sweeper finds. */
export type AfterRun = (run: ClaimedRun) => Promise<void>;

export interface Worker {
  /** Shown as the holder of a lease. */
  name: string;
  concurrency: number;
  leaseSeconds?: number;
  /** Servers on its own machine; those of other machines it leaves alone. Absent: there is no other machine. */
  ownServers?: () => Promise<string[]>;
}

/** Takes runs, at most `concurrency` at a time; the bell and the sweeper both ring here. */
export class RunProcessor {
  private readonly active = new Map<string, Promise<void>>();
  private ended = false;
  private isFull = false;

  constructor(
    private readonly db: DataSource,
    private readonly carry: Carry,
    private readonly worker: Worker,
    private readonly afterRun: AfterRun = async () => {},
  ) {}

  /**
   * Claims and carries one run; returns when it ended, or at once when another worker has it. What has begun is taken
   * even by a worker that has enough: all that it carries may wait for what this one holds.
   */
  async take(runId: string, isBegun = false): Promise<void> {
    const under = this.active.get(runId);
    if (this.ended || under) return under;
    if (!isBegun && this.active.size >= this.worker.concurrency) {
      this.isFull = true;
      return;
    }
    const taken = this.claimAndCarry(runId);
    this.active.set(runId, taken);
    await taken;
  }

  private async claimAndCarry(runId: string): Promise<void> {
    try {
      const { name, leaseSeconds, ownServers } = this.worker;
      const run = await claimRun(this.db, runId, name, leaseSeconds, await ownServers?.());
      if (run) await this.carryLeased(run);
    } finally {
      this.active.delete(runId);
      if (this.isFull) await this.catchUp();
    }
  }

  /** A lost bell or a dead worker leaves open runs: they are taken here. */
  async sweep(): Promise<void> {
    await settle(this.db);
    await tellWaiting(this.db);
    await this.takeWaiting();
  }

  private async takeWaiting(): Promise<void> {
    const left = await leftRuns(this.db, await this.worker.ownServers?.());
    for (const { id, isBegun } of left) void this.take(id, isBegun).catch(() => undefined);
  }

  private async carryLeased(run: ClaimedRun): Promise<void> {
    const hasEnded = await whileLeased(this.db, run, () => this.work(run));
    // It leaves a place on its server; one that only waits now is left to the next sweep.
    if (hasEnded) this.isFull = true;
  }

  /** Rings that came while this worker or a server was full are not lost: the rows wait. */
  private async catchUp(): Promise<void> {
    if (this.ended) return;
    this.isFull = false;
    await this.takeWaiting();
  }

  /** No new run; those under way are left to their leases when the process ends. */
  close(): void {
    this.ended = true;
  }

  /** False when the run goes on later or elsewhere. */
  private async work(run: ClaimedRun): Promise<boolean> {
    const journal = pgJournal(this.db, run);
    try {
      await this.carry(run, journal);
    } catch (error) {
      if (error instanceof LeaseLost) return this.giveBack(run, null);
      if (error instanceof NoPlace) return this.giveBack(run, `places:${String(error.data.server)}`);
      if (error instanceof Away) await recordAway(this.db, String(error.data.server), error);
      if (error instanceof Away && mayWait(run)) return this.wait(run, journal, error);
      await this.refuse(run, journal, error);
    }
    await settle(this.db);
    await this.afterRun(run);
    return true;
  }

  /** Somebody takes it again; when another worker has it already, this finds no row. */
  private async giveBack(run: ClaimedRun, waiting: string | null): Promise<false> {
    await outsideOfLease(() => setAside(this.db, run, waiting));
    return false;
  }

  /** Neither a failure nor an ending: somebody takes it again when the server answers. */
  private async wait(run: ClaimedRun, journal: Journal, { code, data }: Away): Promise<false> {
    await journal.say('warn', `${code} ${JSON.stringify(data)}; waits`);
    return this.giveBack(run, `server:${String(data.server)}`);
  }

  /** Nothing was begun: the run ends undone with the reason. What was begun stays open for the next try. */
  private async refuse(run: ClaimedRun, journal: Journal, error: unknown): Promise<void> {
    const problem = asAppError(error);
    await journal.say('error', `${problem.code} ${JSON.stringify(problem.data)}`);
    if ((await journal.steps()).some(({ state }) => state !== 'waiting')) throw error;
    if (run.state === 'running') await journal.run('undoing', problem);
    await journal.run('undone');
  }
}

/** Whoever only looks is told at once that there is nothing to see. */
const mayWait = ({ subjectKind, verb, input }: ClaimedRun): boolean =>
  (subjectKind !== 'server' || verb === 'ship') && verb !== 'check' && input.dryRun !== true;

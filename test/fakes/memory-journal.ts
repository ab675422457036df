import { LeaseLost, type AppError } from '#libs/core/errors.js';
import type { Journal, StepRecord } from '#libs/runs/journal.js';
import { mayMove, type RunState } from '#libs/runs/state.js';

/** A journal that keeps state in memory and can be told to lose its lease at the n-th write. */
export class MemoryJournal implements Journal {
  records: (StepRecord & { says: string[]; problem?: AppError })[] = [];
  state: RunState = 'running';
  problem?: AppError;
  lines: string[] = [];
  waits: string[] = [];
  writes = 0;
  loseLeaseAt = Infinity;

  constructor(private readonly locks: Map<string, MemoryJournal> = new Map()) {}

  private write(): void {
    this.writes += 1;
    if (this.writes >= this.loseLeaseAt) throw new LeaseLost('lease-lost');
  }
  async steps(): Promise<StepRecord[]> {
    return structuredClone(
      this.records.map(({ position, name, state, before, attempts }) => ({ position, name, state, before, attempts })),
    );
  }
  async lay(names: { name: string }[]): Promise<void> {
    this.write();
    if (this.records.length > 0) return;
    this.records = names.map(({ name }, position) => ({
      position,
      name,
      state: 'waiting',
      before: null,
      attempts: 0,
      says: [],
    }));
  }
  async begin(position: number, { says, before }: { says: string[]; before: unknown }): Promise<void> {
    this.write();
    Object.assign(this.records[position]!, {
      state: 'running',
      says,
      before: JSON.parse(JSON.stringify(before ?? {})),
    });
    this.lines.push(...says);
  }
  async step(
    position: number,
    state: StepRecord['state'],
    more: { says?: string[]; problem?: AppError; attempts?: number } = {},
  ): Promise<void> {
    this.write();
    Object.assign(this.records[position]!, { state, ...more });
  }
  async run(state: RunState, problem?: AppError): Promise<void> {
    this.write();
    if (!mayMove(this.state, state)) throw new Error(`no move from ${this.state} to ${state}`);
    this.state = state;
    this.problem ??= problem;
  }
  async waiting(text: string | null): Promise<void> {
    this.write();
    if (text) this.waits.push(text);
  }
  async say(_level: string, line: string): Promise<void> {
    this.lines.push(line);
  }
  async take(resource: string): Promise<{ heldBy?: string }> {
    const holder = this.locks.get(resource);
    if (holder && holder !== this) return { heldBy: 'another run' };
    this.locks.set(resource, this);
    return {};
  }
  async release(resource?: string): Promise<void> {
    for (const [key, holder] of this.locks)
      if (holder === this && (!resource || resource === key)) this.locks.delete(key);
  }
}

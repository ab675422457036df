import type { RolloutSettings } from '#libs/contract/rollouts.js';

/** What a decision sees of a rollout: values alone, read in one transaction. `decide` is pure over it. */

export type RolloutState = 'draft' | 'approved' | 'running' | 'paused' | 'finished' | 'stopped';
export type Phase = 'rehearse' | 'backup' | 'migrate' | 'waves';
export type DesaState = 'waiting' | 'running' | 'done' | 'failed' | 'already' | 'held';

/** The newest run of a desa or of the gabungan in this rollout, as its row stands. */
export interface RunSeen {
  id: string;
  state: 'queued' | 'running' | 'done' | 'undoing' | 'undone' | 'broken' | 'cancelled';
  createdAt: Date;
  endedAt: Date | null;
  problem: { code: string; data: Record<string, unknown> } | null;
}

export interface DesaSeen {
  desaId: string;
  wave: number;
  position: number;
  serverId: string;
  state: DesaState;
  attempts: number;
  startedAt: Date | null;
  run: RunSeen | null;
  /** What the site answered, and when: evidence only when it is newer than the wave's start. */
  observedVersion: string | null;
  observedAt: Date | null;
  isHeld: boolean;
  /** Something else works on this desa, or a broken run (ours too) keeps its door closed until a person clears it. */
  hasForeignRun: boolean;
}

export interface WaveSeen {
  position: number;
  state: 'waiting' | 'running' | 'passed' | 'failed';
  startedAt: Date | null;
  settledAt: Date | null;
  /** A person's yes for the gate after this wave. */
  releasedAt: Date | null;
}

export interface RolloutSeen {
  id: string;
  state: RolloutState;
  phase: Phase;
  version: string;
  settings: RolloutSettings;
  isCodeOnly: boolean;
  isReleaseWithdrawn: boolean;
  /**
   * Newest run of the gabungan for the current phase; null when there is none. Of the runs asked for before the rollout
   * was last resumed only those count that are still open or that ended well, and of the rehearsal's only the open ones
   * (its report counts, see below). So a person who resumes after a bad ending asks for one more try.
   */
  phaseRun: RunSeen | null;
  /** Null too when the newest report says `unusable` and the rollout was resumed after it. */
  rehearsal: { verdict: 'rolling' | 'window' | 'unusable'; isCodeOnly: boolean } | null;
  /** Set by the clock's rollouts: no wave starts whose predicted end is later. */
  windowEndsAt: Date | null;
  /** Median of this fleet, this rollout's own runs included; without history the deadline stands in for it. */
  predictedDesaSeconds: number | null;
  /** Seconds the rehearsal's migration took; without it a desa's prediction stands in for it. */
  predictedMigrationSeconds?: number | null;
  waves: WaveSeen[];
  desa: DesaSeen[];
  /** Desa of other rollouts and persons under way on each server. */
  busyOnServer: Readonly<Record<string, number>>;
}

export type Reason = { code: string; data: Record<string, unknown> };

/**
 * What to do next. All of one answer are applied in their order in one transaction; asked again at once, until the
 * answer is empty. Each is harmless when it was done before, because its UPDATE is guarded by the state it leaves:
 * - `start-phase`  no open run of this phase; `enter-phase` only from the phase before
 * - `start-wave`   waiting or failed -> running; keeps the first `startedAt`, empties `settledAt` and `releasedAt`
 * - `start-desa`   waiting -> running with a new run, `startedAt` = now, attempts + 1
 * - `end-desa`     running -> done, failed; running, waiting, failed -> held. Done is never left.
 * - `settle-wave`  sets `settledAt` = now (again, when something of the wave ended later)
 * - `pass-wave`, `fail-wave` running -> passed, failed; `pause`, `finish` only while the rollout is running
 */
export type Decision =
  | { do: 'start-phase'; phase: 'rehearse' | 'backup' | 'migrate' }
  | { do: 'enter-phase'; phase: Phase }
  | { do: 'start-wave'; wave: number }
  | { do: 'start-desa'; desaId: string; wave: number }
  | EndDesa
  | { do: 'settle-wave'; wave: number }
  | { do: 'pass-wave'; wave: number }
  | { do: 'fail-wave'; wave: number }
  | { do: 'pause'; reason: Reason }
  | { do: 'finish' };
export interface EndDesa {
  do: 'end-desa';
  desaId: string;
  state: 'done' | 'failed' | 'held';
  signature?: string;
  problem?: RunSeen['problem'];
}

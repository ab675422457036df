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
  /** Something else works on this desa. */
  hasForeignRun: boolean;
}

export interface WaveSeen {
  position: number;
  state: 'waiting' | 'running' | 'passed' | 'failed';
  startedAt: Date | null;
  settledAt: Date | null;
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
  /** Newest run of the gabungan for the current phase; null when none was asked for. */
  phaseRun: RunSeen | null;
  rehearsal: { verdict: 'rolling' | 'window' | 'unusable'; isCodeOnly: boolean } | null;
  /** Set by the clock's rollouts: no wave starts whose predicted end is later. */
  windowEndsAt: Date | null;
  predictedDesaSeconds: number | null;
  waves: WaveSeen[];
  desa: DesaSeen[];
  /** Desa of other rollouts and persons under way on each server. */
  busyOnServer: Readonly<Record<string, number>>;
}

/** What to do next. Each is applied in one transaction and is harmless when it was done before. */
export type Decision =
  | { do: 'start-phase'; phase: 'rehearse' | 'backup' | 'migrate' }
  | { do: 'enter-phase'; phase: Phase }
  | { do: 'start-wave'; wave: number }
  | { do: 'start-desa'; desaId: string; wave: number }
  | {
      do: 'end-desa';
      desaId: string;
      state: 'done' | 'failed' | 'held';
      signature?: string;
      problem?: RunSeen['problem'];
    }
  | { do: 'settle-wave'; wave: number }
  | { do: 'pass-wave'; wave: number }
  | { do: 'fail-wave'; wave: number }
  | { do: 'pause'; reason: { code: string; data: Record<string, unknown> } }
  | { do: 'finish' };

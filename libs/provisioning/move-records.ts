import type { PastMove } from './downtime.js';

/** What a move writes down while it goes; sums of seconds and bytes over all tries. */
export interface MoveNotes {
  bulk?: { bytes: number; seconds: number };
  rest?: { bytes: number; seconds: number };
  totalBytes?: number;
  predictedSeconds?: number | null;
  answeredAt?: Date;
}

export interface MoveRecord {
  closedAt: Date | null;
  answeredAt: Date | null;
  predictedSeconds: number | null;
  switchedAt: Date | null;
}

/** The record of one move: what steps may read and write of it. */
export interface MoveRecords {
  read(): Promise<MoveRecord | undefined>;
  note(notes: MoveNotes): Promise<void>;
  /** The maintenance page is put now; the first time counts. */
  noteClosed(at: Date): Promise<void>;
  /** Moves of this kabupaten that ended well, newest first. */
  past(): Promise<PastMove[]>;
  /** A place of the same desa that is still kept from a move before; undefined when there is none. */
  kept(): Promise<{ server: string; until: Date } | undefined>;
  /** A rollout of the gabungan is under way. */
  isRolling(): Promise<boolean>;
  /** The installation stands on the new server from here on; the old place is kept until then. */
  switchOver(keptUntil: Date): Promise<void>;
  switchBack(): Promise<void>;
  isSwitched(): Promise<boolean>;
  /** The old place is no more. */
  settle(): Promise<void>;
}

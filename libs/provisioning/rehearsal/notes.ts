import type { Rehearsal } from '#libs/contract/rollouts.js';
import type { RowCounts, SchemaFingerprint } from '#libs/gabungan/gabungan-port.js';

/** One page as one code answered it: status (null = no answer) and the words of an error, if it shows any. */
export interface PageSeen {
  path: string;
  status: number | null;
  error: string | null;
}

export type Lost = Rehearsal['rowsLost'][number];

/** Why the release cannot be used, as far as the migration shows it. */
export interface Failure {
  code: string;
  data: Record<string, string | number | string[]>;
}

export interface MigrationSeen {
  seconds: number;
  isCodeOnly: boolean;
  fingerprint: SchemaFingerprint;
  schemaChanges: string[];
  rowsLost: Lost[];
  swallowedErrors: string[];
  failure: Failure | null;
}

/** What the steps of one rehearsal saw so far; a row of the record, so that a crash loses nothing. */
export interface Notes {
  /** The copy as it was loaded: what the real one was at that moment. */
  loaded?: { counts: RowCounts; fingerprint: SchemaFingerprint };
  before?: PageSeen[];
  /** The copy is not what it was when it was loaded. */
  isTouched?: boolean;
  migration?: MigrationSeen;
  old?: PageSeen[];
  new?: PageSeen[];
}

export interface NotesStore {
  read(): Promise<Notes>;
  write(more: Notes): Promise<void>;
  /** The verdict; a rollout that asked for it gets it too. */
  report(report: Omit<Rehearsal, 'runId'>): Promise<void>;
}

import type { App } from '#libs/templates/manifest.js';
import type { GabunganFacts } from './target.js';

/** A run that wants the whole merged database kept before it changes it. */
export interface WholeOf {
  run: { id: string };
  kabupatenId: string;
  app: App;
  gabungan: GabunganFacts;
}

/** Backups of a whole merged database, each loaded into a throw-away server and compared before it counts. */
export interface GabunganBackups {
  /** A proved one of this run, or of the standing version and not older than an hour; its folder. */
  recent(of: WholeOf): Promise<string | undefined>;
  /** The proved one of this run alone. */
  ofRun(of: WholeOf): Promise<string | undefined>;
  /** Bytes the copy will need on the server and the file here, at most. */
  neededBytes(of: WholeOf): Promise<number>;
  /** What the server of the gabungan has free, where the copy will stand. */
  freeBytes(): Promise<number>;
  /** Throws `disk-full`, `rows-differ`, `schema-differs`, `invariants-broken`; nothing half-done stays. */
  make(of: WholeOf, kind: 'rollout' | 'manual'): Promise<{ folder: string; bytes: number }>;
  /** Folders of backups that newer ones have replaced; never one that an open rollout stands on. */
  superseded(of: WholeOf): Promise<string[]>;
  /** Removes those, files and record; goes on where it was cut off. */
  prune(of: WholeOf): Promise<void>;
  /** Removes what a killed attempt of this run left. */
  clear(of: WholeOf): Promise<void>;
}

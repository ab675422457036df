import type {
  Beside,
  Gabungan,
  InvariantResult,
  RowCounts,
  SchemaFingerprint,
  ViewText,
} from '#libs/gabungan/gabungan-port.js';
import type { Gateway } from '#libs/gateway/gateway-port.js';
import type { Docker } from '#libs/servers/docker.js';
import type { App } from '#libs/templates/manifest.js';
import type { Routed } from './migration-target.js';
import type { GabunganFacts } from './target.js';

/** A whole gabungan put back from one of its backups; what stood is kept beside it. */
export interface RestoreTarget {
  readonly run: { id: string; verb: string };
  readonly kabupatenId: string;
  readonly app: App;
  readonly gabungan: GabunganFacts;
  readonly backup: { id: string; version: string | null; counts: RowCounts; fingerprint: SchemaFingerprint };
  /** Releases that stand now; the backup's has to be the only one. */
  readonly standing: readonly string[];
  /** Names of the two databases beside. */
  readonly restored: string;
  readonly kept: string;
  readonly mode: 'window';
  readonly routed: readonly Routed[];
}

export interface RestoreTools {
  docker: Pick<Docker, 'ping'>;
  /** Of the gabungan's own server. */
  gateway: Pick<Gateway, 'freeBytes'>;
  gatewayOf(serverId: string): Promise<Pick<Gateway, 'routes' | 'put'>>;
  gabungan: Gabungan;
  beside: Beside;
  minimumFreeBytes: number;
  /** Loads the backup into the database beside and proves rows, schema and invariants there. */
  load(): Promise<void>;
  recordSeen(seen: {
    fingerprint: SchemaFingerprint;
    invariants: InvariantResult[];
    version: string | null;
  }): Promise<void>;
  say(level: 'info' | 'warn' | 'error', line: string, step?: string): Promise<void>;
}

export interface Exchanged {
  incoming: ViewText[];
  standing: ViewText[];
}

import type { Secret } from '#libs/core/secret.js';
import type { DesaTarget, Tools } from './target.js';

/** A desa of the gabungan as the gateway may route it. */
export interface Routed {
  /** Whose gateway routes it. */
  serverId: string;
  domain: string;
  site: string;
  /** Where its route may lead now. */
  runtimes: { name: string; gateKey: Secret }[];
  deny: string[];
  uploadMiB: number;
}

/** One gabungan taken to a release once, by its canary. */
export interface MigrationTarget extends DesaTarget {
  readonly mode: 'rolling' | 'window';
  readonly rolloutId: string | null;
  /** In a window: all desa that stand in the gabungan. */
  readonly routed: readonly Routed[];
}

/** What the last good rehearsal of this release on this gabungan said. */
export interface Evidence {
  fingerprint: string;
  verdict: 'rolling' | 'window' | 'unusable';
  isCodeOnly: boolean;
}

export interface MigrationTools extends Tools {
  evidence(): Promise<Evidence | undefined>;
}

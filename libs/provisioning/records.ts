import type { Secret } from '#libs/core/secret.js';
import type { InvariantResult, SchemaFingerprint } from '#libs/gabungan/gabungan-port.js';
import type { SiteSpec } from '#libs/runtimes/runtime-port.js';
import type { DesaTarget } from './target.js';

export interface InstallationRecord {
  id: string;
  databaseId: number | null;
  placedReleaseId: string | null;
  observedVersion: string | null;
}

export interface InstallationPatch {
  databaseId?: number | null;
  placedReleaseId?: string | null;
  observedVersion?: string | null;
  observedTitle?: string | null;
  observedAt?: Date | null;
}

/** What steps may read and write of the record. Secrets come out as `Secret`, go in sealed. */
export interface Records {
  installation(id: string): Promise<InstallationRecord>;
  patchInstallation(id: string, patch: InstallationPatch): Promise<void>;
  /** The first administrator's password: made once, kept sealed until it was shown. */
  administratorPassword(installationId: string): Promise<Secret>;
  /** What was seen in the gabungan, and the release whose schema stands in it; what is not given stays. */
  patchGabungan(
    id: string,
    seen: { version?: string; fingerprint?: SchemaFingerprint; invariants?: InvariantResult[] },
  ): Promise<void>;
  /** All sites a new runtime of this target starts with: the target's and, when shared, those of its neighbours. */
  sitesFor(target: DesaTarget): Promise<SiteSpec[]>;
  /** Whether a desa lives in this runtime of this server, or another run under way is moving one in. */
  isWanted(serverId: string, runtimeName: string, exceptRunId: string): Promise<boolean>;
  forgetRuntime(serverId: string, runtimeName: string): Promise<void>;
}

import type { Secret } from '#libs/core/secret.js';
import type { Clock } from '#libs/core/clock.js';
import type { App } from '#libs/templates/manifest.js';
import type { Docker } from '#libs/servers/docker.js';
import type { Gateway, Route } from '#libs/gateway/gateway-port.js';
import type { Gabungan } from '#libs/gabungan/gabungan-port.js';
import type { Runtimes, RuntimeSpec, SiteSpec } from '#libs/runtimes/runtime-port.js';
import type { Journal } from '#libs/runs/journal.js';
import type { Records } from './records.js';
import type { DesaBackups } from './backups-port.js';
import type { Images } from '#libs/images/images-port.js';
import type { GabunganBackups } from './gabungan-backups-port.js';
import type { Way } from './way-port.js';

export interface ReleaseFacts {
  id: string;
  version: string;
  edition: 'umum' | 'premium';
  state: string;
  image: string | null;
  /** By which the engine that built it knows the image; the same on every server. */
  imageId: string | null;
  databaseVersion: string | null;
  minimumVersion: string | null;
}

export interface GabunganFacts {
  id: string;
  name: string;
  edition: 'umum' | 'premium';
  /** Where it stands. */
  serverId: string;
  /** As runtimes of any server reach it. */
  host: string;
  port: number;
  database: string;
  owner: { user: string; password: Secret };
  charset: string;
  collation: string;
  /** The release whose schema stands in it; null before the first desa. */
  version: string | null;
}

/** One desa being changed, frozen when the run is claimed first. */
export interface DesaTarget {
  /** `rolloutId`: the rollout that asked; what it moves to was planned and rehearsed, an older release too. */
  readonly run: { id: string; verb: string; rolloutId?: string | null };
  readonly kabupatenId: string;
  readonly desa: {
    id: string;
    code: string;
    name: string;
    sebutan: string;
    domain: string;
    kecamatanCode: string;
    kecamatanName: string;
    kabupatenCode: string;
    kabupatenName: string;
    provinsiCode: string;
    provinsiName: string;
  };
  readonly app: App;
  readonly server: { id: string; name: string };
  /** How each server was judged as its place, best first; empty when a person named it. */
  readonly judged: readonly string[];
  readonly gabungan: GabunganFacts;
  readonly installation: { id: string; uid: number; isolation: 'shared' | 'own'; runtimePassword: Secret };
  readonly release: ReleaseFacts;
  /** What was placed before this run, if anything. */
  readonly previous?: ReleaseFacts;
  readonly runtime: RuntimeSpec;
  readonly previousRuntime?: RuntimeSpec;
  /** Of a removal: every other runtime that may hold this desa. */
  readonly otherRuntimes: readonly RuntimeSpec[];
  /** A runtime for this run alone, with the owner's account: registration and migration. */
  readonly oneOff: RuntimeSpec;
  readonly account: string;
  readonly site: SiteSpec;
  readonly ownerSite: SiteSpec;
}

/** What the worker hands to steps: engines of the target's server and gabungan, and the record. */
export interface Tools {
  docker: Docker;
  images: Images;
  gateway: Gateway;
  /** Of another server, by its id: desa of one gabungan may live on several. */
  gatewayOf(serverId: string): Promise<Pick<Gateway, 'routes' | 'put'>>;
  /** To the gabungan, when it stands on another server than the desa. */
  way?: Way;
  runtimes: Runtimes;
  gabungan: Gabungan;
  backups: DesaBackups;
  wholeBackups: GabunganBackups;
  records: Records;
  /** Free bytes a server must keep. */
  minimumFreeBytes: number;
  /** Gives a database that is still empty the charset and collation the release wants (facts/opensid 1.2). */
  shapeDatabase(): Promise<void>;
  /** As the application's own login checks it (bcrypt). */
  hashPassword(password: Secret): Promise<string>;
  clock: Clock;
  say: Journal['say'];
}

/** The route of this desa to a runtime, as a value. */
export const routeTo = (target: DesaTarget, runtime: RuntimeSpec): Route => ({
  domain: target.desa.domain,
  site: target.site.site,
  to: { runtime: runtime.name, port: 8080, gateKey: runtime.gateKey.reveal() },
  deny: target.app.routes.deny,
  uploadMiB: target.app.site.uploadMiB,
});

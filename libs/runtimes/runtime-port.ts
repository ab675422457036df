import type { App } from '#libs/templates/manifest.js';
import type { Secret } from '#libs/core/secret.js';

/** An installation as it stands in a runtime. */
export interface SiteSpec {
  /** `d1307012001` */
  site: string;
  uid: number;
  domain: string;
  /** Values for the strict templates of the manifest (`code`, `name`, `database` ...). Secrets stay `Secret`. */
  values: Record<string, unknown>;
}

/** One container of one release of one app on one server for one gabungan. */
export interface RuntimeSpec {
  name: string;
  app: App;
  version: string;
  image: string;
  /** Internal network shared with the gabungan and the gateway. */
  network: string;
  /** Volume with the data of all sites of this gabungan and app; shared by old and new runtime. */
  dataVolume: string;
  /** Volume with pools, trees and the gate key of this runtime alone. */
  configVolume: string;
  gateKey: Secret;
  labels: Record<string, string>;
  memoryMiB: number;
  cpus: number;
  pids: number;
}

/**
 * Runtimes on one server. The control plane writes trees and pools into volumes through the archive API and tells
 * the runtime to read them again with a signal; nothing is generated inside. Settings: facts/runtime 8.
 */
export interface Runtimes {
  /** Creates and starts it with these sites in place; idempotent; heals a stopped one. Returns when /-/live answers. */
  ensure(spec: RuntimeSpec, sites: SiteSpec[]): Promise<void>;
  isRunning(name: string): Promise<boolean>;
  /** It runs and answers: its nginx and php-fpm have read what they serve. */
  isLive(spec: RuntimeSpec): Promise<boolean>;
  /** In what its container is not the one wanted: `image`, `state` or names of settings; [] when right or not there. */
  faults(spec: RuntimeSpec): Promise<string[]>;
  /** Whether the site is placed in this runtime: its folder is prepared, its pool and tree stand. */
  holds(spec: RuntimeSpec, site: string): Promise<boolean>;
  /** Folders and rendered files of the desa's own data (not the runtime's): idempotent, never overwrites state. */
  prepareData(spec: RuntimeSpec, site: SiteSpec): Promise<void>;
  /** Adds or replaces one site and reloads gracefully; no request of others is dropped. */
  place(spec: RuntimeSpec, site: SiteSpec): Promise<void>;
  take(spec: RuntimeSpec, site: string): Promise<void>;
  /** Ends what a desa's uid still runs in this runtime; nothing when it does not stand. */
  silence(spec: RuntimeSpec, uid: number): Promise<void>;
  isSilent(spec: RuntimeSpec, uid: number): Promise<boolean>;
  /** Stops and removes the container and its config volume. The data volume stays. */
  remove(name: string, configVolume: string): Promise<void>;
  hasState(spec: RuntimeSpec, site: string, path: string): Promise<boolean>;
  readState(spec: RuntimeSpec, site: string, path: string): Promise<Buffer | undefined>;
  writeState(spec: RuntimeSpec, site: SiteSpec, path: string, content: Buffer | string): Promise<void>;
  /** Empties folders of the desa's data, e.g. caches (paths as in `state`/`volatile` values). */
  emptyState(spec: RuntimeSpec, site: SiteSpec, folders: string[]): Promise<void>;
  /** Tar of the desa's state folders. */
  exportState(spec: RuntimeSpec, site: string): Promise<NodeJS.ReadableStream>;
  importState(spec: RuntimeSpec, site: string, tar: NodeJS.ReadableStream): Promise<void>;
  removeData(spec: RuntimeSpec, site: string): Promise<void>;
  /** Text of all files in a volatile folder of this release (e.g. the application's logs); '' when there is none. */
  readLogs(spec: RuntimeSpec, site: string, folder: string): Promise<string>;
  /** What the site's PHP last said to the runtime's log; '' when it said nothing. For people, after a failure. */
  lastWords(spec: RuntimeSpec, site: string): Promise<string>;
  /** The rendered `site.env` of a site as its pool carries it (for argv commands in a one-off); may carry the owner's account. */
  environment(spec: RuntimeSpec, site: SiteSpec): Record<string, string>;
}

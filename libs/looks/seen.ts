import type { Observation } from '#libs/provisioning/health.js';
import type { DomainState } from '#libs/gateway/certificate-state.js';
import type { Route } from '#libs/gateway/gateway-port.js';
import type { ContainerView } from '#libs/servers/docker.js';

/** What one look saw of a server. What could not be seen is absent: absent is unknown, never drift. */
export interface Seen {
  containers: ContainerView[];
  /** By runtime: what stands of each site in it. */
  standing: ReadonlyMap<string, ReadonlyMap<string, SiteParts>>;
  /** By runtime: whether nginx and php-fpm answer. */
  live: ReadonlyMap<string, boolean>;
  /** Absent when the proxy did not tell. */
  routes?: Route[];
  /** In what the proxy is not held or told as recorded; absent when that was not seen. */
  gatewayFaults?: string[];
  /** Of the domains that are wanted here: how their certificates stand. */
  domains?: DomainState[];
  /** By installation: only those whose turn it was. */
  pages: ReadonlyMap<string, PageSeen>;
  disk?: DiskSeen;
}

/** The pool and the tree as they are written, the socket as php-fpm serves it. */
export interface SiteParts {
  pool: boolean;
  tree: boolean;
  socket: boolean;
}

export type PageSeen = Observation | { failure: string };

export interface DiskSeen {
  freeBytes: number;
  /** By the trend of the last days; null when it is not shrinking or too little was seen. */
  daysLeft: number | null;
}

/** The server did not answer: nothing else of it is known. */
export const AWAY = 'away';

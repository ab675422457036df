import type { Observation } from '#libs/provisioning/health.js';
import type { CertificateSeen, Refusal } from '#libs/gateway/certificate-state.js';
import type { Route } from '#libs/gateway/gateway-port.js';
import type { ContainerView } from '#libs/servers/docker.js';
import type { SiteParts } from './seen.js';
import type { WantedRuntime, WantedSite } from './wanted.js';

/** What a look asks of one server. Nothing of it starts or changes anything. */
export interface Eyes {
  /** Throws `Unavailable('server-unreachable')` when the server is away. */
  ping(): Promise<void>;
  /** Every container with our label, in one list. */
  containers(): Promise<ContainerView[]>;
  freeBytes(): Promise<number>;
  /** The whole configuration of the proxy, in one read. */
  routes(): Promise<Route[]>;
  /** In what the proxy is not as recorded. */
  gatewayFaults(): Promise<string[]>;
  /** Those it asked for itself, and what it said of those it could not have. */
  certificates(): Promise<{ standing: CertificateSeen[]; refusals: Refusal[] }>;
  /** One command in a runtime: what stands of every site in it. */
  standing(runtime: WantedRuntime): Promise<Map<string, SiteParts>>;
  /** `/-/live` through nginx and php-fpm; no script runs. */
  isLive(runtime: WantedRuntime): Promise<boolean>;
  /** The page that proves a site. */
  page(site: WantedSite, runtime: WantedRuntime): Promise<Observation>;
}

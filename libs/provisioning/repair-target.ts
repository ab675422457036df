import type { Gateway, Route } from '#libs/gateway/gateway-port.js';
import type { Docker } from '#libs/servers/docker.js';

/** A server whose own parts are repaired: its gateway, and containers that nobody knows. */
export interface RepairServerTarget {
  id: string;
  name: string;
  gateway: string;
  /** Whether the gateway is asked for at all. */
  wantsGateway: boolean;
  /** Networks of the gabungan on it, whose runtimes the gateway has to reach. */
  networks: readonly string[];
  routes: readonly Route[];
  /** Containers that somebody wants gone. */
  containers: readonly string[];
}

export interface RepairServerTools {
  docker: Docker;
  gateway: Gateway;
  /** Whether the records know a container of this name now. */
  isKnown(container: string): Promise<boolean>;
}

import type { GatewayTarget, GatewayTools } from './gateway-work.js';

/** A server whose own parts are repaired: its gateway, and containers that nobody knows. */
export interface RepairServerTarget extends GatewayTarget {
  id: string;
  name: string;
  /** Whether the gateway is asked for at all. */
  wantsGateway: boolean;
  /** Containers that somebody wants gone. */
  containers: readonly string[];
}

export interface RepairServerTools extends GatewayTools {
  /** Whether the records know a container of this name now. */
  isKnown(container: string): Promise<boolean>;
}

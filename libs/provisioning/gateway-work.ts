import { placeOf, type Gateway, type Route } from '#libs/gateway/gateway-port.js';
import type { Docker } from '#libs/servers/docker.js';

/** The proxy of a server, and what it must reach and know. */
export interface GatewayTarget {
  gateway: string;
  /** Networks of the gabungan on it, whose runtimes the gateway has to reach. */
  networks: readonly string[];
  routes: readonly Route[];
}

export interface GatewayTools {
  docker: Docker;
  gateway: Gateway;
}

/** Undefined: the proxy does not run or does not tell. A maintenance page that stands is somebody's work and stays. */
export async function missingRoutes(target: GatewayTarget, tools: GatewayTools): Promise<Route[] | undefined> {
  if ((await tools.docker.container(target.gateway))?.state !== 'running') return undefined;
  const routes = await tools.gateway.routes().catch(() => undefined);
  const known = new Set(routes?.map(placeOf));
  return routes && target.routes.filter((route) => !known.has(placeOf(route)));
}

/** It runs as wanted, reaches every runtime and knows every route. */
export async function raiseGateway(target: GatewayTarget, tools: GatewayTools): Promise<void> {
  await tools.gateway.renew();
  for (const network of target.networks) await tools.gateway.joinNetwork(network);
  await tools.gateway.restore((await missingRoutes(target, tools)) ?? []);
}

/** What `raiseGateway` would do to its container. */
export async function renewals({ gateway }: GatewayTarget, tools: GatewayTools): Promise<string[]> {
  const faults = (await tools.gateway.faults()).filter((fault) => fault !== 'https');
  return faults.length > 0 ? [`make ${gateway} anew (${faults.join(', ')}): its desa are away for some seconds`] : [];
}

import * as names from '#libs/catalog/names.js';
import type { Secret } from '#libs/core/secret.js';
import type { ContainerSpec, ContainerView } from '#libs/servers/docker.js';
import { differing, wantedSettings } from '#libs/servers/settings.js';
import { PORTS } from './caddy-https.js';
import type { Https } from './https.js';

export interface GatewayPlace {
  container: string;
  image: string;
  httpPort: number;
  httpAddress: string;
  /** What other gateways of ours prove themselves with to this one. */
  forwardKey?: Secret;
  /** As it is recorded now; without it, HTTP alone. */
  https?: () => Promise<Https>;
}

/** What it was told and its certificates: both outlive the container. */
export const volumesOf = (container: string): { config: string; certificates: string } => ({
  config: `${container}-config`,
  certificates: `${container}-certificates`,
});

/**
 * With every change the proxy opens its port anew and closes the old socket; the kernel would reset the visitors who
 * had knocked there and were not let in yet (35 of 7,327 new connections during 60 changes). So they move over
 * (Linux 5.14 and later).
 */
const KNOCKING_MOVE_OVER = { 'net.ipv4.tcp_migrate_req': '1' } as const;

/** The container of a proxy: what is asked for, and what a look compares it with. */
export function gatewayContainerOf(
  { container, image, httpPort, httpAddress }: Omit<GatewayPlace, 'https' | 'forwardKey'>,
  https: Https,
): ContainerSpec {
  const { config, certificates } = volumesOf(container);
  const byHttps = { host: https.port, hostAddress: https.address, container: PORTS.https };
  return {
    name: container,
    image,
    labels: names.labels({ 'siappakai.kind': 'gateway' }),
    networks: [{ name: names.edgeNetwork() }],
    mounts: [
      { volume: config, path: '/config' },
      { volume: certificates, path: '/data' },
    ],
    tmpfs: { '/tmp': 'size=16m' },
    ports: [
      { host: httpPort, hostAddress: httpAddress, container: PORTS.http },
      ...(https.way === 'off' ? [] : [byHttps]),
    ],
    sysctls: KNOCKING_MOVE_OVER,
    readOnlyRoot: true,
    memoryMiB: 256,
    pids: 200,
    restart: 'always',
  };
}

/** It joins the networks of gabungan as they come and go. */
export const gatewayFaults = (spec: ContainerSpec, { image, settings }: ContainerView): string[] => [
  ...(image === spec.image ? [] : ['image']),
  ...differing(wantedSettings(spec), settings).filter((name) => name !== 'networks'),
];

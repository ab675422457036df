import type { ContainerSpec } from './docker.js';

/** How a container is held: what was asked for at its birth, or what the engine says it has now. */
export interface ContainerSettings {
  memoryMiB: number;
  cpus: number;
  pids: number;
  isRootReadOnly: boolean;
  /** Of the kernel, beside none: sorted, without `CAP_`. */
  capabilities: string[];
  /** Every capability dropped first, no new privileges, no memory shared with others. */
  isConfined: boolean;
  /** `volume:path` or `volume:path:ro`, sorted. */
  mounts: string[];
  /** `path:options`, sorted. */
  tmpfs: string[];
  dns: string[];
  /** `address:port>port inside`, sorted. */
  ports: string[];
  restart: string;
  /** Names of networks, sorted. */
  networks: string[];
}

export const wantedSettings = (spec: ContainerSpec): ContainerSettings => ({
  memoryMiB: spec.memoryMiB ?? 0,
  cpus: spec.cpus ?? 0,
  pids: spec.pids ?? 0,
  isRootReadOnly: spec.readOnlyRoot ?? false,
  capabilities: [...(spec.capabilities ?? [])].sort(),
  isConfined: true,
  mounts: (spec.mounts ?? []).map(({ volume, path, readOnly }) => mountText(volume, path, readOnly ?? false)).sort(),
  tmpfs: Object.entries(spec.tmpfs ?? {})
    .map(tmpfsText)
    .sort(),
  dns: spec.dns ?? [],
  ports: (spec.ports ?? []).map(({ hostAddress, host, container }) => portText(hostAddress, host, container)).sort(),
  restart: spec.restart ?? 'no',
  networks: (spec.networks ?? []).map(({ name }) => name).sort(),
});

export const mountText = (volume: string, path: string, isReadOnly: boolean): string =>
  `${volume}:${path}${isReadOnly ? ':ro' : ''}`;
export const portText = (address: string, port: number | string, inside: number | string): string =>
  `${address}:${port}>${inside}`;
export const tmpfsText = ([path, options]: [string, string]): string => `${path}:${options}`;

/** Names of the settings in which two differ; [] when a container is held as wanted. */
export const differing = (wanted: ContainerSettings, seen: ContainerSettings): string[] =>
  (Object.keys(wanted) as (keyof ContainerSettings)[]).filter(
    (name) => JSON.stringify(wanted[name]) !== JSON.stringify(seen[name]),
  );

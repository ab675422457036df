import type { ContainerCreateOptions } from 'dockerode';
import type { ContainerSpec } from '../docker.js';

const MIB = 1024 * 1024;

/**
 * The engine's words for a spec: pure. Every container is born with all capabilities dropped but the named ones,
 * no new privileges, and no shared memory with others (facts/runtime 8).
 */
export const createOptions = (spec: ContainerSpec): ContainerCreateOptions => ({
  name: spec.name,
  Image: spec.image,
  Cmd: spec.argv,
  Entrypoint: spec.entrypoint,
  User: spec.user,
  Env: Object.entries(spec.env ?? {}).map(([key, value]) => `${key}=${value}`),
  Labels: spec.labels ?? {},
  WorkingDir: spec.workingDirectory,
  StopTimeout: spec.stopSeconds,
  ExposedPorts: Object.fromEntries((spec.ports ?? []).map(({ container }) => [`${container}/tcp`, {}])),
  HostConfig: {
    NetworkMode: spec.networks?.[0]?.name ?? 'none',
    Mounts: (spec.mounts ?? []).map(({ volume, path, readOnly }) => ({
      Type: 'volume',
      Source: volume,
      Target: path,
      ReadOnly: readOnly ?? false,
    })),
    Tmpfs: spec.tmpfs,
    PortBindings: Object.fromEntries(
      (spec.ports ?? []).map(({ host, hostAddress, container }) => [
        `${container}/tcp`,
        [{ HostIp: hostAddress, HostPort: String(host) }],
      ]),
    ),
    Dns: spec.dns,
    ReadonlyRootfs: spec.readOnlyRoot ?? false,
    CapDrop: ['ALL'],
    CapAdd: spec.capabilities ?? [],
    SecurityOpt: ['no-new-privileges'],
    IpcMode: 'none',
    Memory: (spec.memoryMiB ?? 0) * MIB,
    MemorySwap: (spec.memoryMiB ?? 0) * MIB,
    NanoCpus: (spec.cpus ?? 0) * 1e9,
    PidsLimit: spec.pids,
    RestartPolicy: { Name: spec.restart ?? 'no' },
    LogConfig: { Type: 'json-file', Config: { 'max-size': '5m', 'max-file': '2' } },
  },
  NetworkingConfig: spec.networks?.[0]
    ? { EndpointsConfig: { [spec.networks[0].name]: { Aliases: spec.networks[0].aliases ?? [] } } }
    : undefined,
});

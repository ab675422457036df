import type { ContainerCreateOptions, NetworkCreateOptions } from 'dockerode';
import type { ContainerSpec } from '../docker.js';

const MIB = 1024 * 1024;

/**
 * Message queues, shared memory and semaphores would be common to all desa of a runtime and outlive their processes,
 * memory included: none may be made, neither in /dev/mqueue (which the engine always mounts, writable for everybody) nor
 * through the system calls. Nothing we run in a container wants them; PostgreSQL would.
 */
const NO_SYSTEM_IPC = {
  'fs.mqueue.queues_max': '0',
  'kernel.msgmni': '0',
  'kernel.shmmni': '0',
  'kernel.sem': '0 0 0 0',
};

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
    Sysctls: { ...spec.sysctls, ...NO_SYSTEM_IPC },
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

/**
 * The server itself has no address on an internal network: what it offers on all addresses is not offered to hostile
 * code there. The engine knows this from 20.10 on; from 28 on gateway mode `isolated` is another word for it.
 */
export const networkOptions = (
  name: string,
  internal: boolean,
  labels: Record<string, string>,
): NetworkCreateOptions => ({
  Name: name,
  Internal: internal,
  Labels: labels,
  CheckDuplicate: true,
  Options: internal ? { 'com.docker.network.bridge.inhibit_ipv4': 'true' } : {},
});

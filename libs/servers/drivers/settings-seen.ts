import type Dockerode from 'dockerode';
import { mountText, portText, tmpfsText, type ContainerSettings } from '../settings.js';

const MIB = 1024 * 1024;
type Found = Pick<Dockerode.ContainerInspectInfo, 'HostConfig' | 'NetworkSettings'>;

/** The settings of a container in our words, from what the engine keeps: `docker update` changes these too. */
export const settingsSeen = ({ HostConfig: host, NetworkSettings }: Found): ContainerSettings => ({
  memoryMiB: (host.Memory ?? 0) / MIB,
  cpus: (host.NanoCpus ?? 0) / 1e9,
  pids: host.PidsLimit ?? 0,
  isRootReadOnly: host.ReadonlyRootfs ?? false,
  capabilities: ((host.CapAdd as string[] | null) ?? []).map((name) => name.replace(/^CAP_/, '')).sort(),
  isConfined: isConfined(host),
  mounts: mountsOf(host),
  tmpfs: Object.entries((host.Tmpfs as Record<string, string> | undefined) ?? {})
    .map(tmpfsText)
    .sort(),
  dns: host.Dns ?? [],
  ports: portsOf(host),
  restart: host.RestartPolicy?.Name || 'no',
  networks: Object.keys(NetworkSettings.Networks)
    .filter((name) => name !== 'none')
    .sort(),
});

function isConfined(host: Dockerode.HostConfig): boolean {
  const dropped = (host.CapDrop as string[] | null) ?? [];
  const options = ((host.SecurityOpt as string[] | null) ?? []).map((option) => option.replace(/[:=]true$/, ''));
  return (
    !host.Privileged && dropped.includes('ALL') && options.includes('no-new-privileges') && host.IpcMode === 'none'
  );
}

const portsOf = ({ PortBindings }: Dockerode.HostConfig): string[] =>
  Object.entries((PortBindings ?? {}) as Record<string, { HostIp?: string; HostPort?: string }[]>)
    .flatMap(([inside, hosts]) =>
      hosts.map(({ HostIp = '', HostPort = '' }) => portText(HostIp, HostPort, inside.replace('/tcp', ''))),
    )
    .sort();

/** A bind of a folder of the server is none of ours: it shows under its path. */
const mountsOf = (host: Dockerode.HostConfig): string[] =>
  [
    ...(host.Mounts ?? []).map(({ Source, Target, ReadOnly }) => mountText(Source, Target, ReadOnly ?? false)),
    ...(host.Binds ?? []),
  ].sort();

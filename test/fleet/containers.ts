import type Dockerode from 'dockerode';
import { randomInt } from 'node:crypto';

/** On everything of a fleet, with its prefix: what a killed test left is found by it. */
export const LABEL = 'siappakai.fleet';
export const IMAGE = 'siappakai/test-server:1';

/** What a Docker Engine inside a container needs when `--privileged` is refused (facts/platform, Container engine). */
const CAPABILITIES = [
  ...['SYS_ADMIN', 'NET_ADMIN', 'SYS_MODULE', 'SYS_PTRACE', 'MKNOD', 'SYS_CHROOT', 'SETFCAP', 'AUDIT_WRITE', 'NET_RAW'],
  ...['DAC_READ_SEARCH', 'SYS_BOOT', 'SYS_NICE', 'SYS_RAWIO', 'IPC_LOCK', 'LINUX_IMMUTABLE', 'SYSLOG'],
];

/** overlay2 does not stand on overlay2, so the images lie in a volume; the rest is the container's own. */
export const serverOptions = ({
  prefix,
  name,
  host,
  image = IMAGE,
}: {
  prefix: string;
  name: string;
  host: string;
  image?: string;
}): Dockerode.ContainerCreateOptions => ({
  name,
  Image: image,
  Hostname: name,
  Labels: { [LABEL]: prefix },
  HostConfig: {
    CapAdd: CAPABILITIES,
    SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
    DeviceCgroupRules: ['a *:* rwm'],
    Binds: ['/sys/fs/cgroup:/sys/fs/cgroup:rw', `${name}-docker:/var/lib/docker`],
    NetworkMode: `${prefix}-net`,
  },
  NetworkingConfig: { EndpointsConfig: { [`${prefix}-net`]: { IPAMConfig: { IPv4Address: host } } } },
});

/** A network whose addresses we give out: a server keeps its own when its cable was out. Answers `a.b.c`. */
export async function openNetwork(engine: Dockerode, prefix: string, tries = 20): Promise<string> {
  const subnet = `10.213.${randomInt(1, 255)}`;
  try {
    await engine.createNetwork({
      Name: `${prefix}-net`,
      CheckDuplicate: true,
      Labels: { [LABEL]: prefix },
      IPAM: { Config: [{ Subnet: `${subnet}.0/24` }] },
    });
    return subnet;
  } catch (error) {
    // Another network has these addresses.
    if (tries > 0 && /overlap/i.test((error as Error).message)) return openNetwork(engine, prefix, tries - 1);
    throw error;
  }
}

/** Everything of a prefix, also what a fleet before this one left. */
export async function removeFleet(engine: Dockerode, prefix: string): Promise<void> {
  const filters = { label: [`${LABEL}=${prefix}`] };
  const containers = await engine.listContainers({ all: true, filters });
  // A paused one cannot be ended.
  for (const { Id, State } of containers) if (State === 'paused') await engine.getContainer(Id).unpause();
  await Promise.all(containers.map(({ Id }) => engine.getContainer(Id).remove({ force: true, v: true })));
  for (const { Name } of (await engine.listVolumes({ filters })).Volumes) await engine.getVolume(Name).remove();
  for (const { Id } of await engine.listNetworks({ filters })) await engine.getNetwork(Id).remove();
}

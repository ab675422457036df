import type { ContainerSpec } from '#libs/servers/docker.js';
import type { RuntimeSpec } from '../runtime-port.js';

const BOTH = ({ configVolume, dataVolume }: RuntimeSpec): ContainerSpec['mounts'] => [
  { volume: configVolume, path: '/conf' },
  { volume: dataVolume, path: '/data' },
];

/** The runtime itself: read-only, three capabilities, limits of memory, cpu and children (facts/runtime 8). */
export const containerOf = (spec: RuntimeSpec): ContainerSpec => ({
  name: spec.name,
  image: spec.image,
  labels: { ...spec.labels, 'siappakai.kind': 'runtime' },
  networks: [{ name: spec.network, aliases: [spec.name] }],
  mounts: [
    { volume: spec.configVolume, path: '/conf', readOnly: true },
    { volume: spec.dataVolume, path: '/data' },
  ],
  tmpfs: { '/run': 'mode=755,size=16m', '/run/ng': 'uid=33,gid=33,mode=700,size=64m' },
  readOnlyRoot: true,
  capabilities: ['SETUID', 'SETGID', 'KILL'],
  memoryMiB: spec.memoryMiB,
  cpus: spec.cpus,
  pids: spec.pids,
  restart: 'unless-stopped',
  stopSeconds: 10,
});

/** Never started: a door into both volumes for the archive API. */
export const helperOf = (spec: RuntimeSpec): ContainerSpec => ({
  name: `${spec.name}-files`,
  image: spec.image,
  labels: { ...spec.labels, 'siappakai.kind': 'files' },
  mounts: BOTH(spec),
});

export const taskOf = (spec: RuntimeSpec, argv: string[]): ContainerSpec => ({
  name: `${spec.name}-task`,
  image: spec.image,
  entrypoint: argv.slice(0, 1),
  argv: argv.slice(1),
  labels: { ...spec.labels, 'siappakai.kind': 'task' },
  mounts: BOTH(spec),
  capabilities: ['DAC_OVERRIDE', 'FOWNER'],
  readOnlyRoot: true,
  memoryMiB: 64,
  pids: 10,
});

import type { ContainerSpec, ContainerView } from '#libs/servers/docker.js';
import { differing, wantedSettings } from '#libs/servers/settings.js';
import type { RuntimeSpec } from './runtime-port.js';

/** The container of a runtime (facts/runtime 8): what is asked for, and what a look compares it with. */
export const containerOf = (spec: RuntimeSpec): ContainerSpec => ({
  name: spec.name,
  image: spec.image,
  labels: spec.labels,
  env: { OPCACHE_MIB: String(spec.app.site.opcacheMiB) },
  networks: [{ name: spec.network }],
  mounts: [
    { volume: spec.configVolume, path: '/conf', readOnly: true },
    { volume: spec.dataVolume, path: '/data' },
  ],
  // The runtime's own resolver, which refuses.
  dns: ['127.0.0.1'],
  tmpfs: { '/run': 'mode=755,size=16m', '/run/ng': 'uid=33,gid=33,mode=711,size=64m' },
  readOnlyRoot: true,
  capabilities: ['SETUID', 'SETGID', 'KILL'],
  memoryMiB: spec.memoryMiB,
  cpus: spec.cpus,
  pids: spec.pids,
  restart: 'always',
  stopSeconds: 15,
});

/** A container in these states is started; one that is paused or always falling is made anew. */
const STARTABLE: ContainerView['state'][] = ['running', 'created', 'exited'];

export const faultsOf = (spec: RuntimeSpec, { image, state, settings }: ContainerView): string[] => [
  ...(image === spec.image ? [] : ['image']),
  ...(STARTABLE.includes(state) ? [] : ['state']),
  ...differing(wantedSettings(containerOf(spec)), settings),
];

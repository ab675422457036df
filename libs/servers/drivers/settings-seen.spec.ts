import { differing, wantedSettings } from '../settings.js';
import type { ContainerSpec } from '../docker.js';
import { createOptions } from './create-options.js';
import { settingsSeen } from './settings-seen.js';

const spec: ContainerSpec = {
  name: 'sp',
  image: 'any',
  networks: [{ name: 'net' }],
  mounts: [
    { volume: 'conf', path: '/conf', readOnly: true },
    { volume: 'data', path: '/data' },
  ],
  dns: ['127.0.0.1'],
  tmpfs: { '/run': 'size=16m' },
  readOnlyRoot: true,
  capabilities: ['SETUID', 'KILL'],
  memoryMiB: 512,
  cpus: 1.5,
  pids: 100,
  restart: 'always',
};

type Host = Record<string, unknown>;
/** As the engine answers: it keeps what it was asked for, and says more. */
const inspected = (change: Host = {}) =>
  settingsSeen({
    HostConfig: { ...createOptions(spec).HostConfig, CapAdd: ['CAP_KILL', 'CAP_SETUID'], Binds: null, ...change },
    NetworkSettings: { Networks: { net: {} } },
  } as never);

describe('settings of a container', () => {
  it('that was made as wanted differ in nothing', () => {
    expect(differing(wantedSettings(spec), inspected())).toEqual([]);
  });

  it.each<[string, Host]>([
    ['memoryMiB', { Memory: 2 ** 30 }],
    ['cpus', { NanoCpus: 0 }],
    ['pids', { PidsLimit: null }],
    ['isRootReadOnly', { ReadonlyRootfs: false }],
    ['capabilities', { CapAdd: ['CAP_KILL', 'CAP_SETUID', 'CAP_SYS_ADMIN'] }],
    ['isConfined', { Privileged: true }],
    ['isConfined', { SecurityOpt: null }],
    ['isConfined', { CapDrop: null }],
    ['isConfined', { IpcMode: 'host' }],
    ['mounts', { Binds: ['/etc:/etc'] }],
    ['tmpfs', { Tmpfs: {} }],
    ['dns', { Dns: [] }],
    ['restart', { RestartPolicy: { Name: '' } }],
  ])('tell %s: %j', (name, change) => {
    expect(differing(wantedSettings(spec), inspected(change))).toEqual([name]);
  });
});

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { FleetServer } from '#test/fleet/fleet.js';

const run = promisify(execFile);

/** What the playbook is told of one desa. */
export interface AnsibleDesa {
  server: FleetServer;
  site: string;
  domain: string;
  gateKey: string;
  gateway: string;
  network: string;
  config: string;
  data: string;
  image: string;
  version: string;
}

/** As Ansible's own documentation advises for speed: one connection kept per server, pipelining, twenty at a time. */
const SETTINGS = {
  ANSIBLE_FORKS: '20',
  ANSIBLE_PIPELINING: 'True',
  ANSIBLE_HOST_KEY_CHECKING: 'False',
  ANSIBLE_SSH_ARGS: '-o ControlMaster=auto -o ControlPersist=300s -o UserKnownHostsFile=/dev/null',
};

export const containerOf = (site: string): string => `sp-ansible-${site}`;

/** Plays the playbook for all desa, each as a host of its own on its server. */
export async function playbook(folder: string, desa: readonly AnsibleDesa[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const hosts = Object.fromEntries(await Promise.all(desa.map(async (one) => [one.site, await hostOf(folder, one)])));
  const inventory = join(folder, 'inventory.json');
  await writeFile(inventory, JSON.stringify({ desa: { hosts } }), { mode: 0o600 });
  const env = { ...process.env, ...SETTINGS, ANSIBLE_SSH_CONTROL_PATH_DIR: join('/tmp', 'siappakai-cp') };
  const argv = ['--inventory', inventory, resolve('test/bench/ansible/play.yml')];
  await run('ansible-playbook', argv, { env, maxBuffer: 2 ** 26 }).catch((error: { stdout?: string }) => {
    throw new Error(`ansible-playbook:\n${(error.stdout ?? String(error)).slice(-2000)}`);
  });
}

async function hostOf(folder: string, { server, site, gateKey, ...told }: AnsibleDesa): Promise<object> {
  const key = join(folder, `${server.name}.key`);
  await writeFile(key, server.key.reveal(), { mode: 0o600 });
  return {
    ...{ ansible_host: server.host, ansible_user: server.user, ansible_ssh_private_key_file: key },
    ...{ ansible_python_interpreter: '/usr/bin/python3' },
    ...{ ...told, site, gate_key: gateKey, container: containerOf(site) },
  };
}

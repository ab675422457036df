import { randomBytes } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import * as names from '#libs/catalog/names.js';
import type { Docker } from '#libs/servers/docker.js';
import type { GabunganAddress } from '../gabungan-port.js';
import { passwordWrong, unreachable, type Account } from './connections.js';

/** MariaDB's own programs, where they stand: inside our container, or in a throw-away one for a server elsewhere. */
export interface Client {
  run(argv: string[], account: Account, streams: { stdin?: Readable; stdout?: Writable }): Promise<void>;
}

export const clientOf = (address: GabunganAddress, docker: Docker): Client => ({
  async run([program, ...argv], account, streams) {
    const work = async (container: string, where: string[]) => {
      const line = [program!, ...where, `--user=${account.user}`, ...argv];
      // Only that process sees the password; it is in no argv and in no container's environment.
      const env = { MYSQL_PWD: account.password.reveal() };
      const { code, stderr } = await docker.pipe(container, line, { env, ...streams });
      if (code !== 0) throw failed(program!, code, stderr, address, account);
    };
    if (address.container) await inside(address, docker, work);
    else await beside(address, docker, work);
  },
});

type Work = (container: string, where: string[]) => Promise<void>;

async function inside(address: GabunganAddress, docker: Docker, work: Work): Promise<void> {
  const found = await docker.container(address.container!);
  if (found?.state !== 'running') throw unreachable(address);
  await work(address.container!, []);
}

/** A server elsewhere is reached from the edge: the network of a gabungan leads nowhere outside. */
async function beside(address: GabunganAddress, docker: Docker, work: Work): Promise<void> {
  const name = `${names.gabunganContainer(address.name)}-client-${randomBytes(4).toString('hex')}`;
  await docker.ensureNetwork(names.edgeNetwork(), { internal: false, labels: names.labels() });
  try {
    await docker.create({
      name,
      image: names.mariadbImage(),
      entrypoint: ['sleep'],
      argv: ['86400'],
      networks: [{ name: names.edgeNetwork() }],
      labels: names.labels({ 'siappakai.gabungan': address.name }),
      readOnlyRoot: true,
      memoryMiB: 256,
      pids: 32,
    });
    await docker.start(name);
    await work(name, [`--host=${address.host}`, `--port=${address.port}`, '--protocol=tcp']);
  } finally {
    await docker.remove(name);
  }
}

function failed(program: string, code: number, stderr: string, address: GabunganAddress, { user }: Account): Error {
  if (/\b1045\b|\b1698\b/.test(stderr)) return passwordWrong(address, user);
  if (/\b(2002|2003|2006|2013)\b/.test(stderr)) return unreachable(address);
  return new Error(`${program} ended with ${code}: ${stderr.trim().split('\n').slice(-1)[0] ?? ''}`);
}

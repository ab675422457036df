import { connectEngine, connectEngineOver } from '#libs/servers/drivers/engine.js';
import { SshLink } from '#libs/servers/drivers/ssh.js';
import type { Docker } from '#libs/servers/docker.js';
import { startFleet } from '#test/fleet/fleet.js';
import { inParallel, percentile, seconds } from './measure.js';

const [PINGS, WIDTH] = [500, 20];
type Tell = (name: string, value: number, unit: string, limit?: number) => void;

/** A Docker ping over the link, beside the same to this machine's own engine. */
export async function benchSsh(tell: Tell): Promise<void> {
  const fleet = await startFleet(1, 'sp-bench-ssh');
  const server = fleet.servers[0]!;
  const link = new SshLink(await server.login());
  try {
    const far = connectEngineOver(link, server.name);
    tell('first Docker ping over SSH, with the login', 1000 * (await seconds(() => far.ping())), 'ms');
    tell('Docker ping over SSH, p50', await ping(far), 'ms', 3);
    tell('Docker ping on this machine, p50', await ping(connectEngine('unix:/var/run/docker.sock')), 'ms');
    const many = Array.from({ length: PINGS }, (_, at) => at);
    tell('Docker pings over SSH', PINGS / (await seconds(() => inParallel(many, WIDTH, () => far.ping()))), 'per s');
  } finally {
    await link.close();
    await fleet.end();
  }
}

async function ping(docker: Docker): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < PINGS; n += 1) times.push(1000 * (await seconds(() => docker.ping())));
  return percentile(times, 50);
}

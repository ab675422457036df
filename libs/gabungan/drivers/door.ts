import * as names from '#libs/catalog/names.js';
import { InvalidInput, Unavailable } from '#libs/core/errors.js';
import type { ContainerSpec, Docker } from '#libs/servers/docker.js';
import type { GabunganAddress } from '../gabungan-port.js';

const LEADS_TO = 'siappakai.leads-to';
/** As many as a desa may open, and some: the server elsewhere has a limit of its own. */
const CONNECTIONS = 6000;

/** A name or an IPv4 address that means the same to the control plane and to a container: never the machine itself. */
function assertReachableName(host: string): string {
  const isName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(host);
  if (!isName || /^(localhost|127\.|0\.)/i.test(host)) throw new InvalidInput('gabungan-host-unusable', { host });
  return host;
}

/**
 * The network of a gabungan leads nowhere outside. Its runtimes reach a MariaDB elsewhere through this door, which stands
 * under the name that a database of our own would have and leads to that one address.
 */
export async function ensureDoor(docker: Docker, address: GabunganAddress): Promise<void> {
  const spec = doorOf(address);
  for (const { name } of spec.networks!)
    await docker.ensureNetwork(name, { internal: name !== names.edgeNetwork(), labels: names.labels() });
  const found = await docker.container(spec.name);
  if (found && found.labels[LEADS_TO] !== spec.labels![LEADS_TO]) await docker.remove(spec.name);
  if (!found || found.labels[LEADS_TO] !== spec.labels![LEADS_TO]) await docker.create(spec);
  await docker.start(spec.name);
  await assertLeadsThere(docker, spec.name, address);
}

async function assertLeadsThere(docker: Docker, door: string, { host, port }: GabunganAddress): Promise<void> {
  const { code } = await docker.exec(door, ['socat', '-u', '/dev/null', `TCP:${host}:${port},connect-timeout=5`]);
  if (code !== 0) throw new Unavailable('gabungan-out-of-reach', { host, port });
}

function doorOf({ name, host, port }: GabunganAddress): ContainerSpec {
  const door = names.gabunganContainer(name);
  const to = `${assertReachableName(host)}:${port}`;
  return {
    name: door,
    image: names.gatewayImage(),
    entrypoint: ['socat'],
    argv: [`TCP-LISTEN:3306,fork,reuseaddr,max-children=${CONNECTIONS}`, `TCP:${to},connect-timeout=5`],
    labels: names.labels({ 'siappakai.gabungan': name, [LEADS_TO]: to }),
    networks: [{ name: names.edgeNetwork() }, { name: names.network(name), aliases: [door] }],
    readOnlyRoot: true,
    memoryMiB: 1024,
    pids: CONNECTIONS + 100,
    restart: 'always',
    stopSeconds: 2,
  };
}

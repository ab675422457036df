import * as names from '#libs/catalog/names.js';
import type { Secret } from '#libs/core/secret.js';
import type { Docker } from '#libs/servers/docker.js';
import type { GabunganAddress } from '../gabungan-port.js';
import { createGabungan } from './create.js';

/** Where the copy of one run stands: a server of its own on a network of its own, found again by its name alone. */
export function copyAddressOf(real: GabunganAddress, runId: string, password: Secret): GabunganAddress {
  const name = names.copyOf(real.name, runId);
  const container = names.gabunganContainer(name);
  return {
    ...real,
    name,
    container,
    host: container,
    port: 3306,
    admin: { user: 'mysql', password },
    owner: { user: real.owner.user, password },
    reader: { user: real.reader.user, password },
    copyOfRun: runId,
  };
}

/** An empty database in its throw-away server. Safe to repeat. */
export const startCopy = (
  docker: Docker,
  copy: GabunganAddress,
  shape: { charset: string; collation: string },
): Promise<void> => createGabungan(docker, copy, shape);

/** Nothing of it stays; fine when it never began. Whoever else joined its network has left it before. */
export async function removeCopy(docker: Docker, { name, container }: GabunganAddress): Promise<void> {
  await docker.remove(container!);
  await docker.removeVolume(names.gabunganVolume(name));
  await docker.removeNetwork(names.network(name));
}

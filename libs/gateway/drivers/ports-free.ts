import * as names from '#libs/catalog/names.js';
import { AppError, Conflict } from '#libs/core/errors.js';
import type { ContainerSpec, ContainerView, Docker } from '#libs/servers/docker.js';
import { portText } from '#libs/servers/settings.js';

/**
 * A container that is never more than begun takes the ports that the proxy does not hold yet: who finds one taken by
 * another program finds it out while the old proxy still serves. Throws `gateway-port-taken`.
 */
export async function assertPortsFree(docker: Docker, spec: ContainerSpec, { settings }: ContainerView): Promise<void> {
  const ports = (spec.ports ?? []).filter(
    ({ hostAddress, host, container }) => !settings.ports.includes(portText(hostAddress, host, container)),
  );
  if (ports.length === 0) return;
  const name = `${spec.name}-ports`;
  await docker.remove(name);
  await docker.create({
    ...{ name, image: spec.image, entrypoint: ['sleep'], argv: ['5'], ports, networks: spec.networks },
    ...{ labels: names.labels({ 'siappakai.kind': 'once' }), readOnlyRoot: true, memoryMiB: 16, pids: 10 },
  });
  try {
    await docker.start(name);
  } catch (error) {
    const taken = ports.map(({ hostAddress, host }) => `${hostAddress}:${host}`);
    const reason = String(error instanceof AppError ? (error.data['reason'] ?? error.message) : error);
    throw new Conflict('gateway-port-taken', { ports: taken, reason: reason.slice(0, 300) }, error);
  } finally {
    await docker.remove(name);
  }
}

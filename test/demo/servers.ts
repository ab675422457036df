import type { Server } from '#libs/contract/servers.js';
import { authorize, type FleetServer } from '#test/fleet/fleet.js';
import type { Client } from './client.js';

/** Central servers of the test fleet, enrolled by the product itself as a person would do it. */
export async function enrol(client: Client, kabupaten: string, server: FleetServer): Promise<void> {
  const { name, user, host, port } = server;
  const at = `/servers/${name}`;
  await client.post('/servers', { kabupaten, name, ssh: `${user}@${host}:${port}` });
  await client.post(`${at}/check`);
  const { ssh } = await client.get<Server>(at);
  await client.post(`${at}/trust`, { fingerprint: ssh?.hostKeyShown });
  await authorize(name, ssh?.publicLine ?? '');
  await client.finish(`${at}/enrol`, {});
}

import { rm } from 'node:fs/promises';
import * as names from '#libs/catalog/names.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';

/** Its own and its throw-away copies; a gabungan whose name only begins alike is somebody else's. */
const isOf = (gabungan: string, label = ''): boolean => label === gabungan || label.startsWith(`${gabungan}-copy-`);

/** Removes what an earlier demo, bench or test of these names left on this machine: nothing of anybody else. */
export async function clearWorld(folder: string, server: string, gabungan: string): Promise<void> {
  const docker = connectEngine('unix:/var/run/docker.sock');
  for (const { name, labels } of await docker.containers({ 'siappakai.managed': 'yes' }))
    if (isOf(gabungan, labels['siappakai.gabungan'])) await docker.remove(name);
  for (const container of [names.gabunganContainer(gabungan), names.gatewayContainer(server)])
    await docker.remove(container);
  const volumes = await docker.volumes({});
  const ours = [
    names.gabunganVolume(gabungan),
    names.gatewayVolume(server),
    names.certificateVolume(server),
    names.dataVolume('opensid', gabungan),
  ];
  const ways = [names.wayIn(gabungan), names.wayDoor(gabungan)].map(names.wayVolume);
  const configs = volumes.filter(
    (volume) =>
      volume.startsWith('sp-') &&
      ((volume.includes(`-${gabungan}-`) && volume.endsWith('-conf')) || volume.includes(`-${gabungan}-copy-`)),
  );
  for (const volume of [...ours, ...configs, ...ways]) if (volumes.includes(volume)) await docker.removeVolume(volume);
  await docker.removeNetwork(names.network(gabungan));
  await rm(folder, { recursive: true, force: true });
}

import type { Release } from '#libs/contract/contract.js';
import { makeRelease } from '#test/fixtures/apps/opensid-contoh/make-release.js';
import type { Client } from './client.js';

/** Packs a release of the stand-in application into `archives`, offers it, and builds it. */
export async function addStandIn(
  client: Client,
  archives: string,
  version: string,
  onStep?: (text: string) => void,
): Promise<void> {
  const path = await makeRelease(version, archives);
  await client.post<Release>('/releases', { app: 'opensid', path });
  await client.finish(`/releases/opensid/${version}/build`, {}, onStep);
}

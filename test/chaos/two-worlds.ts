import { resolve } from 'node:path';
import { addStandIn } from '../demo/releases.js';
import { clearWorld } from '../demo/world.js';
import type { World } from '../e2e/worlds.js';
import { Gate } from './gate.js';
import { startLoosePlane, type LoosePlane } from './plane.js';
import type { Place } from './world-seen.js';

/** The same two desa twice on one server: one gabungan is left alone, the worker of the other is killed. */
export interface TwoWorlds {
  plane: LoosePlane;
  gate: Gate;
  calm: Place;
  killed: Place;
  release(version: string): Promise<void>;
  close(): Promise<void>;
}

const CODES = ['1307012001', '1307012002', '1307012003', '1307012004'];

export async function openTwoWorlds({ folder, server, gabungan, port, sitePort }: World): Promise<TwoWorlds> {
  const place = (suffix: string, codes: string[]): Place => ({
    folder,
    server,
    gabungan: `${gabungan}${suffix}`,
    httpPort: sitePort,
    codes,
  });
  const [calm, killed] = [place('tenang', CODES.slice(0, 2)), place('mati', CODES.slice(2))];
  const clear = async (): Promise<void> => {
    for (const one of [calm, killed]) await clearWorld(folder, server, one.gabungan);
  };
  await clear();
  const plane = await startLoosePlane(folder, port);
  const gate = await Gate.build(plane.db);
  plane.startWorker();
  const { client } = plane;
  await client.post('/kabupaten', { code: '1307' });
  await client.post('/servers', { kabupaten: '1307', name: server, httpPort: sitePort, httpAddress: '127.0.0.1' });
  for (const one of [calm, killed]) {
    await client.finish('/gabungan', { kabupaten: '1307', server, name: one.gabungan });
    for (const code of one.codes) await client.post('/desa', { code, domain: `d${code}.${gabungan}.test` });
  }
  return {
    plane,
    gate,
    calm,
    killed,
    release: (version) => addStandIn(client, resolve(folder, 'archives'), version),
    async close() {
      await gate.tearDown();
      await plane.stop();
      await clear();
    },
  };
}

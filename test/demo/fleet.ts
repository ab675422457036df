import { resolve } from 'node:path';
import type { RolloutWhole } from '#libs/contract/rollouts.js';
import { addStandIn } from './releases.js';
import type { Client } from './client.js';
import type { ControlPlane } from './control-plane.js';
import { probe, visit, type Probed } from './prober.js';
import { followRollout, startRollout } from './rollouts.js';

/** A small fleet of the stand-in application on one gabungan of this machine. */
export interface Fleet {
  plane: ControlPlane;
  folder: string;
  server: string;
  gabungan: string;
  sitePort: number;
  codes: string[];
}

export const domainIn = ({ gabungan }: Fleet, code: string): string => `d${code}.${gabungan}.test`;

/** Purbalingga: more than 200 desa in 18 kecamatan. */
export const KABUPATEN = '3303';

/** `count` desa of the kabupaten, kecamatan by kecamatan; a kelurahan, whose number begins with 1, is none. */
export async function codesOf(client: Client, count: number): Promise<string[]> {
  const codes: string[] = [];
  for (let kecamatan = 1; kecamatan < 30 && codes.length < count; kecamatan += 1) {
    const place = `${KABUPATEN.slice(0, 2)}.${KABUPATEN.slice(2)}.${String(kecamatan).padStart(2, '0')}`;
    const found = await client.get<{ code: string }[]>(`/wilayah?q=${place}&level=desa&limit=100`);
    codes.push(...found.map(({ code }) => code).filter((code) => code[6] === '2'));
  }
  if (codes.length < count) throw new Error(`only ${codes.length} desa found, ${count} wanted`);
  return codes.slice(0, count);
}

export const addRelease = ({ plane, folder }: Fleet, version: string): Promise<void> =>
  addStandIn(plane.client, resolve(folder, 'archives'), version);

export async function installFleet(fleet: Fleet, version: string, onDesa: (code: string) => void): Promise<void> {
  const { client } = fleet.plane;
  await client.post('/kabupaten', { code: KABUPATEN });
  const place = { name: fleet.server, httpPort: fleet.sitePort, httpAddress: '127.0.0.1' };
  await client.post('/servers', { kabupaten: KABUPATEN, ...place });
  await client.finish('/gabungan', { kabupaten: KABUPATEN, server: fleet.server, name: fleet.gabungan });
  await addRelease(fleet, version);
  for (const code of fleet.codes) await client.post('/desa', { code, domain: domainIn(fleet, code) });
  await Promise.all(
    fleet.codes.map((code) => client.finish(`/desa/${code}/install`, { version }).then(() => onDesa(code))),
  );
}

export interface Rolled {
  rollout: RolloutWhole;
  /** domain -> requests asked and failed while it went on */
  probed: Map<string, Probed>;
}

const ASKED_PER_SECOND = 2;

/** Rolls while every site is asked all along. */
export async function roll(
  fleet: Fleet,
  version: string,
  settings: object,
  onWord?: (text: string) => void,
): Promise<Rolled> {
  const domains = fleet.codes.map((code) => domainIn(fleet, code));
  const prober = probe(fleet.sitePort, domains, '/index.php/siteman', ASKED_PER_SECOND);
  try {
    const { id } = await startRollout(fleet.plane.client, { gabungan: fleet.gabungan, version, settings });
    return { rollout: await followRollout(fleet.plane.client, id, onWord), probed: await prober.stop() };
  } finally {
    await prober.stop();
  }
}

/** What every site says of itself, asked now: `2602.0.0` or the status. */
export async function versionsOf(fleet: Fleet): Promise<string[]> {
  const seen = await Promise.all(
    fleet.codes.map((code) => visit(fleet.sitePort, domainIn(fleet, code), '/index.php/siteman')),
  );
  return seen.map(
    ({ status, body }) => /login-footer-bottom[^]*?v?(\d{4}\.\d+\.\d+)/.exec(body)?.[1] ?? `none (${status})`,
  );
}

export const failedOf = (probed: Map<string, Probed>): number =>
  [...probed.values()].reduce((sum, { failed }) => sum + failed, 0);
export const askedOf = (probed: Map<string, Probed>): number =>
  [...probed.values()].reduce((sum, { asked }) => sum + asked, 0);

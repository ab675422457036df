import type { DataSource } from 'typeorm';
import * as names from '#libs/catalog/names.js';
import { newId } from '#libs/core/ids.js';
import { open, randomPassword, seal, type KeyRing } from '#libs/core/seal.js';
import { Secret } from '#libs/core/secret.js';
import type { RuntimeSpec } from '#libs/runtimes/runtime-port.js';
import type { App } from '#libs/templates/manifest.js';
import type { GabunganFacts, ReleaseFacts } from './target.js';

export interface Place {
  kabupatenId: string;
  app: App;
  gabungan: GabunganFacts;
  serverId: string;
  /** Site of a desa that has a runtime to itself. */
  own?: string;
}

/** The runtime of a release on a server for a gabungan; its row, and with it its gate key, is made when it is first named. */
export async function runtimeSpec(
  db: DataSource,
  ring: KeyRing,
  at: Place,
  release: Pick<ReleaseFacts, 'id' | 'version' | 'image'>,
): Promise<RuntimeSpec> {
  const name = names.runtime(at.app.app, release.version, at.gabungan.name, at.own);
  await db.query(
    `INSERT INTO runtime (id, kabupaten_id, server_id, gabungan_id, release_id, name, gate_key) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (server_id, name) DO NOTHING`,
    [newId(), at.kabupatenId, at.serverId, at.gabungan.id, release.id, name, seal(ring, randomPassword(32))],
  );
  const [row] = (await db.query('SELECT gate_key FROM runtime WHERE server_id = $1 AND name = $2', [
    at.serverId,
    name,
  ])) as { gate_key: string }[];
  return specOf(at, release, new Secret(open(ring, row!.gate_key).reveal()));
}

/** The runtime itself, as a value: what stands in the records decides it, whoever asks. */
export function specOf(
  at: Omit<Place, 'gabungan' | 'kabupatenId' | 'serverId'> & { gabungan: { name: string } },
  release: Pick<ReleaseFacts, 'version' | 'image'>,
  gateKey: Secret,
): RuntimeSpec {
  const name = names.runtime(at.app.app, release.version, at.gabungan.name, at.own);
  return {
    name,
    app: at.app,
    version: release.version,
    image: release.image ?? '',
    network: names.network(at.gabungan.name),
    dataVolume: names.dataVolume(at.app.app, at.gabungan.name),
    configVolume: names.runtimeConfigVolume(name),
    gateKey,
    labels: names.labels({
      'siappakai.app': at.app.app,
      'siappakai.release': release.version,
      'siappakai.gabungan': at.gabungan.name,
    }),
    memoryMiB: 1024,
    cpus: 2,
    pids: 400,
  };
}

/** The runtimes of other releases for the same desa: one that was started for an update holds every desa already. */
export async function otherRuntimes(
  db: DataSource,
  ring: KeyRing,
  at: Place,
  runtime: RuntimeSpec,
): Promise<RuntimeSpec[]> {
  const releases = (await db.query(
    `SELECT l.id, l.version, l.image FROM runtime r JOIN release l ON l.id = r.release_id
     WHERE r.server_id = $1 AND r.gabungan_id = $2 AND l.app = $3 AND l.version <> $4 ORDER BY l.version`,
    [at.serverId, at.gabungan.id, at.app.app, runtime.version],
  )) as Pick<ReleaseFacts, 'id' | 'version' | 'image'>[];
  return Promise.all(releases.map((release) => runtimeSpec(db, ring, at, release)));
}

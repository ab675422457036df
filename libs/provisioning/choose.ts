import type { DataSource } from 'typeorm';
import { Conflict, InvalidInput, NoPlace, NotFound } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import { randomPassword, seal, type KeyRing } from '#libs/core/seal.js';
import { formatVersion, parseVersion } from '#libs/releases/version.js';
import type { ClaimedRun } from '#libs/runs/lease.js';
import { judgement, NEED, ranked, type Judged, type ServerRoom } from '#libs/servers/room.js';
import { roomsOf } from '#libs/servers/rooms.query.js';
import { hostForOthers } from '#libs/servers/ssh-address.js';
import type { App } from '#libs/templates/manifest.js';

export type Queries = Pick<DataSource, 'query'>;
interface Place {
  serverId: string;
  gabunganId: string;
  /** How each server was judged; none when a person named the server. */
  judged: Judged[];
}

interface GabunganPlace {
  id: string;
  name: string;
  serverId: string;
  serverName: string;
  address: string;
  internalAddress: string | null;
}

/**
 * The gabungan that was named, or the only one of the kabupaten, and the server with the most room: its own, or another
 * one from which a way can lead to it.
 */
export async function choosePlace(db: Queries, run: ClaimedRun): Promise<Place> {
  const gabungan = await chooseGabungan(db, run);
  const { server, labels } = run.input as { server?: string; labels?: string[] };
  const rooms = await roomsOf(db, run.kabupatenId);
  const isReached = hostForOthers(gabungan) !== undefined;
  const outOfReach = ({ id }: ServerRoom): boolean => id !== gabungan.serverId && !isReached;
  const judgedRooms = rooms.map((room) => ({ ...room, isOutOfReach: outOfReach(room) }));
  if (!server) return { gabunganId: gabungan.id, ...roomiest(judgedRooms, labels ?? []) };
  const named = rooms.find(({ name }) => name === server);
  if (!named) throw new NotFound('server-unknown', { name: server });
  if (named.drainReason !== null) throw new Conflict('server-draining', { name: server });
  if (outOfReach(named))
    throw new Conflict('way-address-missing', { server: gabungan.serverName, from: server, name: gabungan.name });
  return { serverId: named.id, gabunganId: gabungan.id, judged: [] };
}

async function chooseGabungan(db: Queries, run: ClaimedRun): Promise<GabunganPlace> {
  const { gabungan } = run.input as { gabungan?: string };
  const found = (await db.query(
    `SELECT g.id, g.name, g.server_id AS "serverId", g.state, s.name AS "serverName", s.address, s.internal_address AS "internalAddress"
     FROM gabungan g JOIN server s ON s.id = g.server_id WHERE g.kabupaten_id = $1 AND ($2::text IS NULL OR g.name = $2)`,
    [run.kabupatenId, gabungan ?? null],
  )) as (GabunganPlace & { state: string })[];
  const [one] = found;
  if (!one || found.length > 1)
    throw new InvalidInput(one ? 'gabungan-ambiguous' : 'gabungan-unknown', { name: gabungan ?? '' });
  if (one.state !== 'running') throw new Conflict('gabungan-not-running', { name: gabungan ?? '', state: one.state });
  return one;
}

function roomiest(rooms: readonly ServerRoom[], labels: readonly string[]): Pick<Place, 'serverId' | 'judged'> {
  const judged = ranked(rooms, { ...NEED, labels });
  const [best] = judged;
  if (!best || best.lacks.length > 0) throw new Conflict('server-none-fits', { reasons: judged.map(judgement) });
  return { serverId: best.id, judged };
}

export async function insertInstallation(
  db: Queries,
  ring: KeyRing,
  run: ClaimedRun,
  app: App,
  place: Place,
): Promise<string> {
  // One at a time per server, so that two installs never take the same uid.
  await db.query('SELECT id FROM server WHERE id = $1 FOR UPDATE', [place.serverId]);
  if (!run.input.dryRun) await takePlace(db, place.serverId, run.runId);
  const id = newId();
  await db.query(
    `INSERT INTO installation (id, kabupaten_id, desa_id, app, state, server_id, gabungan_id, isolation, uid, runtime_password)
     SELECT $1, $2, $3, $4, 'absent', $5, $6, $7, free_uid($5, $4, $8), $9`,
    [
      id,
      run.kabupatenId,
      run.subjectId,
      app.app,
      place.serverId,
      place.gabunganId,
      run.input.isolation ?? 'shared',
      app.site.uidBase,
      seal(ring, randomPassword()),
    ],
  );
  return id;
}

/** Nothing of it stands anywhere: it is placed anew, as if it had never been. */
export async function replaceInstallation(db: Queries, id: string, app: App, place: Place): Promise<void> {
  await db.query(
    `UPDATE installation SET server_id = $2, gabungan_id = $3,
       database_id = CASE WHEN gabungan_id = $3 THEN database_id END,
       uid = CASE WHEN server_id = $2 THEN uid ELSE free_uid($2, $4, $5) END
     WHERE id = $1 AND placed_release_id IS NULL`,
    [id, place.serverId, place.gabunganId, app.app, app.site.uidBase],
  );
}

/** Its server was not known when the run was claimed: whether there is a place for it shows here. */
async function takePlace(db: Queries, serverId: string, runId: string): Promise<void> {
  const [full] = (await db.query('SELECT name FROM server WHERE id = $1 AND at_once <= places_taken(id, $2)', [
    serverId,
    runId,
  ])) as { name: string }[];
  if (full) throw new NoPlace('server-full', { server: full.name });
}

/** The release that was named, or for an install the one that stands in the gabungan, or the newest built. */
export async function chooseRelease(db: Queries, run: ClaimedRun, app: App, installationId: string): Promise<string> {
  const wanted = run.input.version as string | undefined;
  const version = wanted ? formatVersion(parseVersion(wanted)) : await standingVersion(db, installationId);
  const rows = (await db.query(
    `SELECT r.id, r.version FROM release r, gabungan g JOIN installation i ON i.gabungan_id = g.id WHERE i.id = $3 AND r.app = $1
       AND ($2::text IS NULL AND r.state = 'built' AND r.edition = g.edition OR r.version = $2) ORDER BY r.created_at DESC LIMIT 1`,
    [app.app, version ?? null, installationId],
  )) as { id: string }[];
  if (!rows[0]) throw new NotFound('release-unknown', { app: app.app, version: version ?? 'terbaru' });
  return rows[0].id;
}

async function standingVersion(db: Queries, installationId: string): Promise<string | undefined> {
  const [row] = (await db.query(
    'SELECT g.version FROM gabungan g JOIN installation i ON i.gabungan_id = g.id WHERE i.id = $1',
    [installationId],
  )) as {
    version: string | null;
  }[];
  return row?.version ?? undefined;
}

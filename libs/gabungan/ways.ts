import type { DataSource, EntityManager } from 'typeorm';
import * as names from '#libs/catalog/names.js';
import { Conflict, NotFound } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import { open, seal, type KeyRing } from '#libs/core/seal.js';
import { hostForOthers } from '#libs/servers/ssh-address.js';
import { isDue, newAuthority, signedBy, type Signed } from './certificates.js';
import type { WayDoor, WayIn } from './way.js';

/** Both ends of one way, as they are wanted. */
export interface Way {
  wayIn: WayIn;
  door: WayDoor;
}

/** From the server of a runtime to the one of its gabungan. */
export interface WayEnds {
  gabunganId: string;
  gabungan: string;
  kabupatenId: string;
  from: { id: string; name: string };
  server: { id: string; name: string };
  /** Where the server of the gabungan is reached from the other. */
  host: string;
}

type Queries = Pick<DataSource, 'query'>;
const FIRST_PORT = 7306;

interface EndsRow {
  gabungan: string;
  kabupatenId: string;
  fromName: string;
  serverId: string;
  serverName: string;
  address: string;
  internalAddress: string | null;
}

/** Throws `way-address-missing` when nobody said where the server of the gabungan is reached. */
export async function wayEndsOf(db: Queries, gabunganId: string, fromId: string): Promise<WayEnds> {
  const [row] = (await db.query(
    `SELECT g.name AS gabungan, g.kabupaten_id AS "kabupatenId", b.name AS "fromName", a.id AS "serverId", a.name AS "serverName",
       a.address, a.internal_address AS "internalAddress"
     FROM gabungan g JOIN server a ON a.id = g.server_id JOIN server b ON b.id = $2 WHERE g.id = $1`,
    [gabunganId, fromId],
  )) as EndsRow[];
  if (!row) throw new NotFound('gabungan-unknown', { name: gabunganId });
  const { gabungan, kabupatenId, fromName, serverId, serverName } = row;
  const host = hostForOthers(row);
  if (!host) throw new Conflict('way-address-missing', { server: serverName, from: fromName, name: gabungan });
  const ends = { from: { id: fromId, name: fromName }, server: { id: serverId, name: serverName } };
  return { gabunganId, gabungan, kabupatenId, ...ends, host };
}

interface PapersRow {
  certificate: string;
  key: string;
  endsAt: Date;
}
interface WayInRow extends PapersRow {
  port: number;
  authority: string;
  authorityKey: string;
}

const readWayIn = async (db: Queries, gabunganId: string): Promise<WayInRow | undefined> =>
  (
    (await db.query(
      `SELECT port, authority, authority_key AS "authorityKey", certificate, key, ends_at AS "endsAt" FROM way_in WHERE gabungan_id = $1`,
      [gabunganId],
    )) as WayInRow[]
  )[0];

const readDoor = async (db: Queries, gabunganId: string, fromId: string): Promise<PapersRow | undefined> =>
  (
    (await db.query(`SELECT certificate, key, ends_at AS "endsAt" FROM way WHERE gabungan_id = $1 AND server_id = $2`, [
      gabunganId,
      fromId,
    ])) as PapersRow[]
  )[0];

/** As the records say; undefined when it was never opened, or a certificate is due. Changes nothing. */
export async function findWay(db: Queries, ring: KeyRing, ends: WayEnds, now = new Date()): Promise<Way | undefined> {
  const wayIn = await readWayIn(db, ends.gabunganId);
  const door = await readDoor(db, ends.gabunganId, ends.from.id);
  if (!wayIn || !door || isDue(wayIn.endsAt, now) || isDue(door.endsAt, now)) return undefined;
  const allowed = (await db.query('SELECT id FROM way WHERE gabungan_id = $1', [ends.gabunganId])) as { id: string }[];
  const papersOf = ({ certificate, key }: PapersRow) => ({
    ...{ authority: wayIn.authority, certificate },
    key: open(ring, key),
  });
  const { gabungan, host } = ends;
  const { port } = wayIn;
  return {
    wayIn: { gabungan, port, papers: papersOf(wayIn), allowed: allowed.map(({ id }) => id) },
    door: { gabungan, to: { host, port }, papers: papersOf(door) },
  };
}

/** Makes what is missing and renews what is due; what is neither stays as it is. */
export async function ensureWay(db: DataSource, ring: KeyRing, ends: WayEnds, now = new Date()): Promise<Way> {
  await db.transaction(async (manager) => {
    // One at a time: a port is given to one gabungan, an authority is made once.
    await manager.query('SELECT id FROM server WHERE id = $1 FOR UPDATE', [ends.server.id]);
    await ensureWayIn(manager, ring, ends, now);
    await ensureDoor(manager, ring, ends, now);
  });
  return (await findWay(db, ring, ends, now))!;
}

const sealed = (ring: KeyRing, { certificate, key, endsAt }: Signed): unknown[] => [
  certificate,
  seal(ring, key),
  endsAt,
];

async function ensureWayIn(manager: EntityManager, ring: KeyRing, ends: WayEnds, now: Date): Promise<void> {
  const { gabunganId, gabungan, kabupatenId, server } = ends;
  const found = await readWayIn(manager, gabunganId);
  if (found && !isDue(found.endsAt, now)) return;
  const authority = found ? authorityOf(ring, found) : await newAuthority(`SiapPakai ${gabungan}`, now);
  const own = await signedBy(authority, { name: names.wayIn(gabungan), use: 'server' }, now);
  await manager.query(
    `INSERT INTO way_in (gabungan_id, kabupaten_id, server_id, authority, authority_key, certificate, key, ends_at, port)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, (SELECT min(p) FROM generate_series($9::int, 65535) p
       WHERE NOT EXISTS (SELECT 1 FROM way_in w WHERE w.server_id = $3 AND w.port = p)))
     ON CONFLICT (gabungan_id) DO UPDATE SET certificate = EXCLUDED.certificate, key = EXCLUDED.key, ends_at = EXCLUDED.ends_at`,
    [
      ...[gabunganId, kabupatenId, server.id, authority.certificate, seal(ring, authority.key)],
      ...sealed(ring, own),
      FIRST_PORT,
    ],
  );
}

const authorityOf = (ring: KeyRing, { authority, authorityKey }: WayInRow) => ({
  certificate: authority,
  key: open(ring, authorityKey),
});

/** A renewed certificate names the same way. */
async function ensureDoor(manager: EntityManager, ring: KeyRing, ends: WayEnds, now: Date): Promise<void> {
  const { gabunganId, kabupatenId, from } = ends;
  const [found] = (await manager.query(
    'SELECT id, ends_at AS "endsAt" FROM way WHERE gabungan_id = $1 AND server_id = $2',
    [gabunganId, from.id],
  )) as { id: string; endsAt: Date }[];
  if (found && !isDue(found.endsAt, now)) return;
  const id = found?.id ?? newId();
  const authority = authorityOf(ring, (await readWayIn(manager, gabunganId))!);
  const own = await signedBy(authority, { name: id, use: 'client' }, now);
  await manager.query(
    `INSERT INTO way (id, gabungan_id, kabupaten_id, server_id, certificate, key, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (gabungan_id, server_id) DO UPDATE SET certificate = EXCLUDED.certificate, key = EXCLUDED.key, ends_at = EXCLUDED.ends_at`,
    [id, gabunganId, kabupatenId, from.id, ...sealed(ring, own)],
  );
}

/** Something else has the port. Only before the first door stands: those that stand lead to it. */
export async function nextWayPort(db: Queries, { gabunganId, server }: WayEnds): Promise<boolean> {
  const [, changed] = (await db.query(
    `UPDATE way_in SET port = (SELECT min(p) FROM generate_series(way_in.port + 1, 65535) p
       WHERE NOT EXISTS (SELECT 1 FROM way_in w WHERE w.server_id = $2 AND w.port = p))
     WHERE gabungan_id = $1 AND (SELECT count(*) FROM way WHERE gabungan_id = $1) < 2`,
    [gabunganId, server.id],
  )) as [unknown, number];
  return changed > 0;
}

/** Answers what is left for those that stay; undefined when it was the last one, and the authority went with it. */
export async function forgetWay(
  db: Queries,
  ring: KeyRing,
  { gabunganId, gabungan, fromId }: { gabunganId: string; gabungan: string; fromId: string },
): Promise<WayIn | undefined> {
  await db.query('DELETE FROM way WHERE gabungan_id = $1 AND server_id = $2', [gabunganId, fromId]);
  const left = (await db.query('SELECT id FROM way WHERE gabungan_id = $1', [gabunganId])) as { id: string }[];
  const found = await readWayIn(db, gabunganId);
  if (!found || left.length === 0) {
    await db.query('DELETE FROM way_in WHERE gabungan_id = $1', [gabunganId]);
    return undefined;
  }
  const { port, authority, certificate, key } = found;
  const papers = { authority, certificate, key: open(ring, key) };
  return { gabungan, port, papers, allowed: left.map(({ id }) => id) };
}

/** Whether anybody lives there on this gabungan, or a run under way, other than this one, is bringing somebody. */
export async function isWayUsed(
  db: Queries,
  { gabunganId, fromId }: { gabunganId: string; fromId: string },
  exceptRunId: string,
): Promise<boolean> {
  const [row] = (await db.query(
    `SELECT EXISTS (SELECT 1 FROM installation i WHERE i.gabungan_id = $1 AND i.server_id = $2
       AND (i.placed_release_id IS NOT NULL OR EXISTS (SELECT 1 FROM run WHERE run.subject_kind = 'desa'
         AND run.subject_id = i.desa_id AND run.app = i.app AND run.id::text <> $3 AND run.state IN ('running', 'undoing')
         AND NOT run.input @> '{"dryRun": true}'))) AS used`,
    [gabunganId, fromId, exceptRunId],
  )) as { used: boolean }[];
  return row!.used;
}

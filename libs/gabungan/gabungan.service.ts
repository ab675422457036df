import type { DataSource } from 'typeorm';
import { IN_SCOPE, within, type Scope } from '#libs/auth/scope.js';
import * as names from '#libs/catalog/names.js';
import type { GabunganView } from '#libs/contract/contract.js';
import { Conflict, NotFound } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import { open, randomPassword, seal, type KeyRing } from '#libs/core/seal.js';
import { Secret } from '#libs/core/secret.js';
import type { GabunganAddress, InvariantResult, SchemaFingerprint } from './gabungan-port.js';

export interface NewGabungan {
  kabupatenId: string;
  serverId: string;
  name: string;
  edition: 'umum' | 'premium';
  external?: { host: string; port: number; user: string; password: string };
}
export type GabunganState = 'absent' | 'creating' | 'running' | 'broken';

/** In our own container the system's user `mysql` is let in through the unix socket, without any password. */
const SOCKET_ADMIN = 'mysql';

/** Records what is wanted and the passwords; the database itself is made by a run. */
export async function addGabungan(db: DataSource, ring: KeyRing, wanted: NewGabungan): Promise<string> {
  const { name, external } = wanted;
  const container = external ? null : names.gabunganContainer(name);
  const sealed = (secret: Secret) => seal(ring, secret);
  const id = newId();
  const added = (await db.query(
    `INSERT INTO gabungan (id, kabupaten_id, server_id, name, edition, container, host, port, database_name,
       admin_user, admin_password, owner_user, owner_password, reader_user, reader_password)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     ON CONFLICT (name) DO NOTHING RETURNING id`,
    [
      id,
      wanted.kabupatenId,
      wanted.serverId,
      name,
      wanted.edition,
      container,
      external?.host ?? container,
      external?.port ?? 3306,
      names.gabunganDatabase(name),
      external?.user ?? SOCKET_ADMIN,
      sealed(new Secret(external?.password ?? '')),
      names.ownerAccount(name),
      sealed(randomPassword()),
      names.readerAccount(name),
      sealed(randomPassword()),
    ],
  )) as { id: string }[];
  if (added.length === 0) throw new Conflict('gabungan-taken', { name });
  return id;
}

/** Of one that was never made: another address, or the right password of its administrator. */
export async function readdress(
  db: DataSource,
  ring: KeyRing,
  id: string,
  { host, port, user, password }: NonNullable<NewGabungan['external']>,
): Promise<void> {
  await db.query(
    `UPDATE gabungan SET host = $2, port = $3, admin_user = $4, admin_password = $5
     WHERE id = $1 AND container IS NULL AND state <> 'running'`,
    [id, host, port, user, seal(ring, new Secret(password))],
  );
}

const VIEW = `SELECT g.id, g.kabupaten_id AS "kabupatenId", g.server_id AS "serverId", s.name AS "serverName", g.name,
    g.edition, g.state, g.host, g.port, g.database_name AS "databaseName", g.owner_user AS "ownerUser",
    g.reader_user AS "readerUser", g.version, g.fingerprint, g.invariants, g.checked_at AS "checkedAt",
    (SELECT COUNT(DISTINCT i.desa_id)::int FROM installation i WHERE i.gabungan_id = g.id) AS "desaCount", g.keep_backups AS "keepBackups"
  FROM gabungan g JOIN server s ON s.id = g.server_id WHERE ${IN_SCOPE.replace('kabupaten_id', 'g.kabupaten_id')}`;

type Found = Omit<GabunganView, 'checkedAt'> & { checkedAt: Date | null };
const viewOf = (row: Found): GabunganView => ({ ...row, checkedAt: row.checkedAt?.toISOString() ?? null });

export async function listGabungan(db: DataSource, scope: Scope): Promise<GabunganView[]> {
  const rows = (await db.query(`${VIEW} ORDER BY g.name`, [within(scope)])) as Found[];
  return rows.map(viewOf);
}

/** Another kabupaten's gabungan is as unknown as none. */
export async function findGabungan(db: DataSource, scope: Scope, name: string): Promise<GabunganView> {
  const [row] = (await db.query(`${VIEW} AND g.name = $2`, [within(scope), name])) as Found[];
  if (!row) throw new NotFound('gabungan-unknown', { name });
  return viewOf(row);
}

interface AddressRow {
  name: string;
  container: string | null;
  host: string;
  port: number;
  database: string;
  serverId: string;
  [account: string]: unknown;
}

/** For the worker: where it is, with its accounts. */
export async function addressOf(
  db: DataSource,
  ring: KeyRing,
  id: string,
): Promise<{ address: GabunganAddress; serverId: string }> {
  const [row] = (await db.query(
    `SELECT name, container, host, port, database_name AS database, server_id AS "serverId", admin_user, admin_password,
            owner_user, owner_password, reader_user, reader_password FROM gabungan WHERE id = $1`,
    [id],
  )) as AddressRow[];
  if (!row) throw new NotFound('gabungan-unknown', { name: id });
  const account = (kind: string) => ({
    user: row[`${kind}_user`] as string,
    password: open(ring, row[`${kind}_password`] as string),
  });
  const { name, container, host, port, database, serverId } = row;
  const accounts = { admin: account('admin'), owner: account('owner'), reader: account('reader') };
  return { address: { name, container: container ?? undefined, host, port, database, ...accounts }, serverId };
}

export async function setGabunganState(db: DataSource, id: string, state: GabunganState): Promise<void> {
  await db.query('UPDATE gabungan SET state = $2 WHERE id = $1', [id, state]);
}

export async function recordCharset(db: DataSource, id: string, charset: string, collation: string): Promise<void> {
  await db.query('UPDATE gabungan SET charset = $2, "collation" = $3 WHERE id = $1', [id, charset, collation]);
}

/** What was seen at a check; `version` only when a migration was proved. */
export async function recordSeen(
  db: DataSource,
  id: string,
  seen: { fingerprint: SchemaFingerprint; invariants: InvariantResult[]; version?: string },
): Promise<void> {
  await db.query(
    `UPDATE gabungan SET fingerprint = $2, invariants = $3, version = COALESCE($4, version), checked_at = now() WHERE id = $1`,
    [id, JSON.stringify(seen.fingerprint), JSON.stringify(seen.invariants), seen.version ?? null],
  );
}

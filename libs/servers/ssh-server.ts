import type { DataSource } from 'typeorm';
import { Conflict, NotFound } from '#libs/core/errors.js';
import { open, seal, type KeyRing } from '#libs/core/seal.js';
import { Secret } from '#libs/core/secret.js';
import { newKeyPair, type KeyPair } from './key-pair.js';
import { sshAddressOf, type SshAddress } from './ssh-address.js';

/** A server's row as the worker needs it; secrets are opened one at a time, by who uses them. */
export interface SshServer extends SshAddress {
  id: string;
  name: string;
  hostKey: string | null;
  publicLine: string | null;
  enrolledAt: Date | null;
  httpPort: number;
  httpsPort: number;
}

/** Throws `server-unknown`, and `ssh-address-malformed` for a server that is not reached over SSH. */
export async function findSshServer(db: DataSource, id: string): Promise<SshServer> {
  const [row] = (await db.query(
    `SELECT id, name, address, host_key AS "hostKey", ssh_public_line AS "publicLine", enrolled_at AS "enrolledAt",
       http_port AS "httpPort", https_port AS "httpsPort" FROM server WHERE id = $1`,
    [id],
  )) as (Omit<SshServer, keyof SshAddress> & { address: string })[];
  if (!row) throw new NotFound('server-unknown', { name: id });
  return { ...row, ...sshAddressOf(row.address) };
}

export const pairName = (server: string): string => `siappakai-${server}`;

/** Makes the first pair; the one that is there stays. */
export async function ensureKeyPair(db: DataSource, ring: KeyRing, { id, name }: SshServer): Promise<void> {
  const { privateKey, publicLine } = newKeyPair(pairName(name));
  await db.query('UPDATE server SET ssh_key = $2, ssh_public_line = $3 WHERE id = $1 AND ssh_key IS NULL', [
    id,
    seal(ring, privateKey),
    publicLine,
  ]);
}

/** The pair in use, or the one that is about to be; throws `ssh-key-missing`. */
export async function keyPairOf(
  db: DataSource,
  ring: KeyRing,
  { id, name }: SshServer,
  which: 'now' | 'next' = 'now',
): Promise<KeyPair> {
  const [key, line] = which === 'now' ? ['ssh_key', 'ssh_public_line'] : ['ssh_next_key', 'ssh_next_public_line'];
  const [row] = (await db.query(`SELECT ${key} AS key, ${line} AS line FROM server WHERE id = $1`, [id])) as {
    key: string | null;
    line: string | null;
  }[];
  if (!row?.key || !row.line) throw new Conflict('ssh-key-missing', { server: name });
  return { privateKey: open(ring, row.key), publicLine: row.line };
}

/** A pair beside the one in use; one that an earlier try made stays. */
export async function ensureNextPair(db: DataSource, ring: KeyRing, server: SshServer): Promise<KeyPair> {
  const { privateKey, publicLine } = newKeyPair(pairName(server.name));
  await db.query(
    'UPDATE server SET ssh_next_key = $2, ssh_next_public_line = $3 WHERE id = $1 AND ssh_next_key IS NULL',
    [server.id, seal(ring, privateKey), publicLine],
  );
  return keyPairOf(db, ring, server, 'next');
}

/** The next pair becomes the one in use, and the other way round. */
export const swapPairs = async (db: DataSource, { id }: SshServer): Promise<void> =>
  void (await db.query(
    `UPDATE server SET ssh_key = ssh_next_key, ssh_public_line = ssh_next_public_line, ssh_next_key = ssh_key,
       ssh_next_public_line = ssh_public_line WHERE id = $1 AND ssh_next_key IS NOT NULL`,
    [id],
  ));

export const forgetNextPair = async (db: DataSource, { id }: SshServer): Promise<void> =>
  void (await db.query('UPDATE server SET ssh_next_key = NULL, ssh_next_public_line = NULL WHERE id = $1', [id]));

/** Used once: it is gone from the row before it is tried. Undefined when there is none, or its hour is over. */
export async function takePassword(db: DataSource, ring: KeyRing, { id }: SshServer): Promise<Secret | undefined> {
  const [rows] = (await db.query(
    `UPDATE server SET ssh_password = NULL, ssh_password_until = NULL FROM
       (SELECT ssh_password AS sealed, ssh_password_until > now() AS is_fresh FROM server WHERE id = $1) AS was
     WHERE id = $1 AND ssh_password IS NOT NULL RETURNING was.sealed, was.is_fresh AS "isFresh"`,
    [id],
  )) as [{ sealed: string; isFresh: boolean }[], number];
  return rows[0]?.isFresh ? open(ring, rows[0].sealed) : undefined;
}

export async function hasPassword(db: DataSource, { id }: SshServer): Promise<boolean> {
  const rows = (await db.query('SELECT 1 FROM server WHERE id = $1 AND ssh_password_until > now()', [id])) as unknown[];
  return rows.length > 0;
}

/** Nobody used them in time. */
export const forgetOldPasswords = async (db: DataSource): Promise<void> =>
  void (await db.query(
    'UPDATE server SET ssh_password = NULL, ssh_password_until = NULL WHERE ssh_password_until < now()',
  ));

export const recordShown = async (db: DataSource, { id }: SshServer, shown: string): Promise<void> =>
  void (await db.query('UPDATE server SET host_key_shown = $2, host_key_shown_at = now() WHERE id = $1', [id, shown]));

import type { DataSource } from 'typeorm';
import { NotFound } from '#libs/core/errors.js';
import { open, seal, type KeyRing } from '#libs/core/seal.js';
import { newId } from '#libs/core/ids.js';
import type { CheckedCertificate } from './certificate.js';
import type { Https, HttpsSettings } from './https.js';

type Queries = Pick<DataSource, 'query'>;

interface ServerRow {
  https: HttpsSettings;
  port: number;
  address: string;
}

export async function httpsRowOf(db: Queries, serverId: string): Promise<ServerRow> {
  const [row] = (await db.query(
    'SELECT https, https_port AS port, https_address AS address FROM server WHERE id = $1',
    [serverId],
  )) as ServerRow[];
  if (!row) throw new NotFound('server-unknown', { name: serverId });
  return row;
}

/** What the proxy is told: `settings`, or what is recorded, with the keys of its certificates. */
export async function httpsOf(db: Queries, ring: KeyRing, serverId: string, settings?: HttpsSettings): Promise<Https> {
  const { https, port, address } = await httpsRowOf(db, serverId);
  const wanted = settings ?? https;
  const rows = (await db.query(
    `SELECT names, fingerprint, chain, private_key AS sealed FROM server_certificate
     WHERE server_id = $1 AND id = ANY($2) ORDER BY fingerprint`,
    [serverId, wanted.certificates],
  )) as { names: string[]; fingerprint: string; chain: string; sealed: string }[];
  const certificates = rows.map(({ sealed, ...one }) => ({ ...one, key: open(ring, sealed) }));
  return { ...wanted, port, address, certificates };
}

export async function recordHttps(db: Queries, serverId: string, settings: HttpsSettings): Promise<void> {
  await db.query('UPDATE server SET https = $2 WHERE id = $1', [serverId, JSON.stringify(settings)]);
}

/** For a plan or a run to point at; the same certificate is kept once. What no server points at goes after a day. */
export async function keepCertificates(
  db: Queries,
  ring: KeyRing,
  { serverId, kabupatenId, actor }: { serverId: string; kabupatenId: string; actor: string },
  certificates: CheckedCertificate[],
): Promise<string[]> {
  await db.query(
    `DELETE FROM server_certificate c USING server s WHERE s.id = $1 AND c.server_id = s.id
       AND NOT s.https->'certificates' ? c.id::text AND c.added_at < now() - interval '1 day'
       AND NOT EXISTS (SELECT 1 FROM run WHERE run.subject_id = s.id AND run.state IN ('queued', 'running', 'undoing'))`,
    [serverId],
  );
  const ids: string[] = [];
  for (const { names, issuer, fingerprint, notAfter, chain, key } of certificates) {
    const [known] = (await db.query(
      'SELECT id FROM server_certificate WHERE server_id = $1 AND fingerprint = $2 AND chain = $3',
      [serverId, fingerprint, chain],
    )) as { id: string }[];
    const id = known?.id ?? newId();
    if (!known)
      await db.query(
        `INSERT INTO server_certificate (id, kabupaten_id, server_id, names, issuer, fingerprint, not_after, chain, private_key, added_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [id, kabupatenId, serverId, names, issuer, fingerprint, notAfter, chain, seal(ring, key), actor],
      );
    ids.push(id);
  }
  return ids;
}

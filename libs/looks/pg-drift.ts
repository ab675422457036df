import type { DataSource } from 'typeorm';
import type { Drift, Finding } from './drift.js';
import { KINDS } from './kinds.js';
import type { PageSeen } from './seen.js';
import type { Wanted } from './wanted.js';

type Queries = Pick<DataSource, 'query'>;
interface OpenRow {
  id: string;
  kind: string;
  key: string;
}

const HISTORY_DAYS = 30;
const nameOf = ({ kind, key }: { kind: string; key: string }): string => `${kind} ${key}`;

/** Keys of what drifts or is suspected on a server: its pages are asked for in every look. */
export async function suspectsOf(db: Queries, serverId: string): Promise<ReadonlySet<string>> {
  const rows = (await db.query('SELECT key FROM drift WHERE server_id = $1 AND gone_at IS NULL', [serverId])) as {
    key: string;
  }[];
  return new Set(rows.map(({ key }) => key));
}

/**
 * What was seen becomes the record. A suspicion is told when it is seen again; what is well, or wanted no longer, is gone;
 * what is unknown stays as it was.
 */
export async function rememberDrift(
  db: Queries,
  serverId: string,
  findings: Finding[],
  isAway: boolean,
): Promise<void> {
  const found = findings.filter((finding): finding is Drift => typeof finding.answer === 'object');
  await keep(db, serverId, found);
  const open = (await db.query('SELECT id, kind, key FROM drift WHERE server_id = $1 AND gone_at IS NULL', [
    serverId,
  ])) as OpenRow[];
  const stays = new Set(findings.filter(({ answer }) => answer !== 'well').map(nameOf));
  const gone = isAway ? [] : open.filter((row) => !stays.has(nameOf(row))).map(({ id }) => id);
  await db.query('DELETE FROM drift WHERE id = ANY($1) AND told_at IS NULL', [gone]);
  await db.query('UPDATE drift SET gone_at = now() WHERE id = ANY($1)', [gone]);
  await db.query(`DELETE FROM drift WHERE server_id = $1 AND gone_at < now() - make_interval(days => $2)`, [
    serverId,
    HISTORY_DAYS,
  ]);
}

async function keep(db: Queries, serverId: string, found: Drift[]): Promise<void> {
  const rows = found.map((drift) => ({
    ...{ kind: drift.kind, key: drift.key, subject: drift.subject, evidence: drift.answer },
    ...{ kabupaten_id: drift.kabupatenId, desa_id: drift.desaId, app: drift.app, gabungan_id: drift.gabunganId },
    is_dead: KINDS[drift.kind].isDead,
  }));
  await db.query(
    `INSERT INTO drift (kabupaten_id, server_id, kind, key, subject, evidence, desa_id, app, gabungan_id, first_seen_at, last_seen_at, told_at)
     SELECT kabupaten_id, $1, kind, key, subject, evidence, desa_id, app, gabungan_id, now(), now(), CASE WHEN is_dead THEN now() END
     FROM jsonb_to_recordset($2::jsonb) AS seen(kabupaten_id uuid, kind text, key text, subject text, evidence jsonb,
       desa_id uuid, app text, gabungan_id uuid, is_dead boolean)
     ON CONFLICT (server_id, kind, key) WHERE gone_at IS NULL DO UPDATE SET last_seen_at = now(), looks = drift.looks + 1,
       evidence = EXCLUDED.evidence, subject = EXCLUDED.subject, desa_id = EXCLUDED.desa_id, told_at = COALESCE(drift.told_at, now())`,
    [serverId, JSON.stringify(rows)],
  );
}

/** What the sites themselves said: the version and the name on their page, and when. */
export async function rememberPages(
  db: Queries,
  { sites }: Wanted,
  pages: ReadonlyMap<string, PageSeen>,
): Promise<void> {
  const rows = sites.flatMap((site) => {
    const page = pages.get(site.installationId);
    if (!page) return [];
    const isPage = !('failure' in page) && page.status === 200 && page.version !== null && page.title !== null;
    const seen = isPage ? { title: page.title, version: page.version } : {};
    return [{ id: site.installationId, ...seen }];
  });
  await db.query(
    `UPDATE installation i SET page_asked_at = now(), observed_version = COALESCE(seen.version, i.observed_version),
       observed_title = COALESCE(seen.title, i.observed_title),
       observed_at = CASE WHEN seen.version IS NULL THEN i.observed_at ELSE now() END
     FROM jsonb_to_recordset($1::jsonb) AS seen(id uuid, title text, version text)
     WHERE i.id = seen.id AND i.placed_release_id IS NOT NULL`,
    [JSON.stringify(rows)],
  );
}

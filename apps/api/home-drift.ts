import type { DataSource } from 'typeorm';
import { within, type Scope } from '#libs/auth/scope.js';
import type { Home } from '#libs/contract/contract.js';
import { problemText } from '#libs/contract/problems.js';
import type { Language } from './language.js';

/** One line per server and kind of drift, however many desa it is about. */
export async function openDrift(db: DataSource, scope: Scope, language: Language): Promise<Home['broken']> {
  const rows = (await db.query(
    `SELECT s.name AS server, x.kind, count(*)::int AS count, min(x.subject) AS subject FROM drift x JOIN server s ON s.id = x.server_id
     WHERE ($1::uuid[] IS NULL OR x.kabupaten_id = ANY($1)) AND x.gone_at IS NULL AND x.told_at IS NOT NULL
     GROUP BY 1, 2 ORDER BY min(x.first_seen_at) LIMIT 50`,
    [within(scope)],
  )) as { server: string; kind: string; count: number; subject: string }[];
  return rows.map(({ server, kind, count, subject }) => {
    const { title } = problemText(`drift-${kind}`, {}, language);
    return {
      kind: 'drift',
      text: `${title}: ${count === 1 ? subject : count} (${server})`,
      link: `/drift?server=${server}`,
    };
  });
}

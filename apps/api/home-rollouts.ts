import type { DataSource } from 'typeorm';
import { within, type Scope } from '#libs/auth/scope.js';
import type { Home } from '#libs/contract/contract.js';
import { problemText } from '#libs/contract/problems.js';
import type { Language } from './language.js';

type Line = Home['waiting'][number];
interface Row {
  id: string;
  gabungan: string;
  app: string;
  version: string;
  needs: 'approval' | 'start' | 'gate';
  wave: number | null;
  reason: { code: string; data: Record<string, unknown> } | null;
}

const FROM = `FROM rollout r JOIN gabungan g ON g.id = r.gabungan_id JOIN release ON release.id = r.release_id
  WHERE ($1::uuid[] IS NULL OR r.kabupaten_id = ANY($1))`;
const NAMES = 'r.id, g.name AS gabungan, r.app, release.version';
/** A wave that has ended well, while the settings want a yes and another wave is to come. */
const GATE = `(SELECT w.position + 1 FROM rollout_wave w WHERE w.rollout_id = r.id AND w.state = 'running' AND w.settled_at IS NOT NULL
  AND w.released_at IS NULL AND (r.settings->>'needsYes')::boolean
  AND EXISTS (SELECT 1 FROM rollout_wave later WHERE later.rollout_id = r.id AND later.position > w.position))`;

/** Rollouts that go on only when a person says so: an approval, a start, a gate. A person's own dry runs bind nobody. */
export async function waitingRollouts(db: DataSource, scope: Scope, language: Language): Promise<Line[]> {
  const rows = (await db.query(
    `SELECT * FROM (
       SELECT ${NAMES}, r.created_at, ${GATE} AS wave,
         CASE r.state WHEN 'draft' THEN 'approval' WHEN 'approved' THEN 'start' ELSE 'gate' END AS needs ${FROM}
         AND ((r.state = 'draft' AND NOT r.is_preparation AND (r.asked_by = 'clock' OR (r.settings->>'fourEyes')::boolean))
           OR (r.state = 'approved' AND r.asked_by <> 'clock') OR r.state = 'running')) AS waiting
     WHERE needs <> 'gate' OR wave IS NOT NULL ORDER BY created_at LIMIT 50`,
    [within(scope)],
  )) as Row[];
  return rows.map((row) => ({ kind: 'rollout', text: NEEDS[language][row.needs](row), link: `/rollouts/${row.id}` }));
}

/** What stopped by itself, or by a person. One that only waits for the clock's next window is not broken. */
export async function pausedRollouts(db: DataSource, scope: Scope, language: Language): Promise<Line[]> {
  const rows = (await db.query(
    `SELECT ${NAMES}, r.reason ${FROM} AND r.state = 'paused' AND coalesce(r.reason->>'code', '') <> 'window-closes'
     ORDER BY r.created_at LIMIT 50`,
    [within(scope)],
  )) as Row[];
  return rows.map(({ id, gabungan, app, version, reason }) => ({
    kind: 'rollout',
    text: `${gabungan}, ${app} ${version}: ${problemText(reason?.code ?? 'unexpected', reason?.data ?? {}, language).title}`,
    link: `/rollouts/${id}`,
  }));
}

const label = ({ gabungan, app, version }: Row): string => `${gabungan}, ${app} ${version}`;
const NEEDS = {
  id: {
    approval: (row: Row) => `${label(row)}: rencana menunggu persetujuan`,
    start: (row: Row) => `${label(row)}: disetujui, menunggu dimulai`,
    gate: (row: Row) => `${label(row)}: gelombang ${row.wave} selesai, menunggu izin lanjut`,
  },
  en: {
    approval: (row: Row) => `${label(row)}: the plan waits for an approval`,
    start: (row: Row) => `${label(row)}: approved, waits to be started`,
    gate: (row: Row) => `${label(row)}: wave ${row.wave} has ended, waits for a yes`,
  },
};

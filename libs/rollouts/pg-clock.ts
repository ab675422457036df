import type { DataSource } from 'typeorm';
import { policy, type Policy } from '#libs/contract/rollouts.js';
import type { Queries } from './pg-rollout.js';
import { desaSeconds } from './pg-seen.js';
import { median } from './plan.js';
import type { ClockFacts, ClockRelease, ClockRollout } from './policy.js';
import type { Reason } from './rollout.js';
import type { Zone } from './window.js';

/** Who asked for a rollout that no person asked for. */
export const CLOCK_ACTOR = 'clock';

/** One gabungan of a kabupaten whose policy is on: what the clock looks after. */
export interface Charge {
  kabupatenId: string;
  gabunganId: string;
  gabungan: string;
  serverId: string;
  app: string;
  rules: Policy;
}

export async function chargesOf(db: Queries): Promise<Charge[]> {
  const rows = (await db.query(
    `SELECT p.kabupaten_id AS "kabupatenId", g.id AS "gabunganId", g.name AS gabungan, g.server_id AS "serverId", p.app, p.rules
     FROM policy p JOIN gabungan g ON g.kabupaten_id = p.kabupaten_id
     WHERE (p.rules->>'isOn')::boolean AND g.state = 'running'
       AND EXISTS (SELECT 1 FROM installation i WHERE i.gabungan_id = g.id AND i.app = p.app AND i.state <> 'absent')
     ORDER BY g.name`,
  )) as (Omit<Charge, 'rules'> & { rules: unknown })[];
  return rows.map((row) => ({ ...row, rules: policy.parse(row.rules) }));
}

export async function readClockFacts(db: Queries, charge: Charge): Promise<ClockFacts> {
  const [gabungan] = (await db.query(
    `SELECT g.version, (SELECT coalesce(jsonb_agg(DISTINCT d.zone), '[]') FROM installation i JOIN desa d ON d.id = i.desa_id
       WHERE i.gabungan_id = g.id AND i.app = $2 AND i.state <> 'absent') AS zones FROM gabungan g WHERE g.id = $1`,
    [charge.gabunganId, charge.app],
  )) as [{ version: string | null; zones: Zone[] }];
  return {
    rules: charge.rules,
    gabungan: charge.gabungan,
    running: gabungan.version,
    zones: gabungan.zones,
    releases: await releasesOf(db, charge),
    rollouts: await rolloutsOf(db, charge),
    predictedSeconds: await secondsToRest(db, charge),
  };
}

/** Prepared = built, and a rehearsal on this gabungan has come to its end, whatever it said: its rollout is judged by that. */
async function releasesOf(db: Queries, { app, gabunganId }: Charge): Promise<ClockRelease[]> {
  return (await db.query(
    `SELECT release.version, release.edition, release.created_at AS "foundAt",
       (release.state = 'withdrawn' OR release.withdrawn_at IS NOT NULL) AS "isWithdrawn",
       (release.state = 'built' AND EXISTS (SELECT 1 FROM rollout r JOIN run ON run.rollout_id = r.id AND run.verb = 'rehearse'
          WHERE r.release_id = release.id AND r.gabungan_id = $2 AND run.state NOT IN ('queued', 'running', 'undoing')))
         AS "isPrepared"
     FROM release WHERE app = $1`,
    [app, gabunganId],
  )) as ClockRelease[];
}

async function rolloutsOf(db: Queries, { app, gabunganId }: Charge): Promise<ClockRollout[]> {
  return (await db.query(
    `SELECT r.id, release.version, r.state, r.reason, r.asked_by = $3 AS "isByClock" FROM rollout r
     JOIN release ON release.id = r.release_id WHERE r.gabungan_id = $1 AND r.app = $2 AND NOT r.is_preparation
     ORDER BY r.created_at DESC`,
    [gabunganId, app, CLOCK_ACTOR],
  )) as ClockRollout[];
}

/** The migration and one desa: the first place where a rollout may rest. */
async function secondsToRest(db: Queries, { app, gabunganId }: Charge): Promise<number | null> {
  const [last] = (await db.query(
    `SELECT (rehearsal->>'migrationSeconds')::float AS seconds FROM rollout
     WHERE gabungan_id = $1 AND app = $2 AND rehearsal IS NOT NULL ORDER BY created_at DESC LIMIT 1`,
    [gabunganId, app],
  )) as { seconds: number }[];
  const each = median(await desaSeconds(db, app));
  return last || each !== null ? (last?.seconds ?? 0) + (each ?? 0) : null;
}

/** The draft that the clock rehearses this release with; its report goes on into the rollout that is opened. */
export async function preparationOf(
  db: Queries,
  { app, gabunganId }: Charge,
  version: string,
): Promise<string | undefined> {
  const [found] = (await db.query(
    `SELECT r.id FROM rollout r JOIN release ON release.id = r.release_id
     WHERE r.gabungan_id = $1 AND r.app = $2 AND release.version = $3 AND r.asked_by = $4 AND r.state = 'draft' AND r.is_preparation
     ORDER BY r.created_at DESC LIMIT 1`,
    [gabunganId, app, version, CLOCK_ACTOR],
  )) as { id: string }[];
  return found?.id;
}

const REPEATED_HOURS = 3;

/** Tells what the clock did or why it did not. A sentence that still holds is not said again: only its time moves on. */
export async function note(db: DataSource, charge: Charge, { code, data }: Reason, now: Date): Promise<void> {
  const values = [charge.kabupatenId, charge.app, code, JSON.stringify({ ...data, gabungan: charge.gabungan }), now];
  await db.transaction(async (manager) => {
    const [, moved] = (await manager.query(
      `UPDATE clock_note SET last_at = $5 WHERE kabupaten_id = $1 AND app = $2 AND code = $3 AND data = $4::jsonb
         AND last_at > $5::timestamptz - make_interval(hours => ${REPEATED_HOURS})`,
      values,
    )) as [unknown, number];
    if (moved > 0) return;
    await manager.query(
      `INSERT INTO clock_note (kabupaten_id, app, code, data, first_at, last_at) VALUES ($1, $2, $3, $4, $5, $5)`,
      values,
    );
  });
}

/**
 * Servers over SSH that a gabungan's desa stand on and a release was not shipped to; one that could not take it is not
 * asked again within the hour.
 */
export async function serversWithout(
  db: Queries,
  { gabunganId, app, releaseId }: { gabunganId: string; app: string; releaseId: string },
): Promise<{ id: string; name: string }[]> {
  return (await db.query(
    `SELECT DISTINCT s.id, s.name FROM installation i JOIN server s ON s.id = i.server_id, release r
     WHERE i.gabungan_id = $1 AND i.app = $2 AND i.state <> 'absent' AND r.id = $3 AND s.address LIKE 'ssh://%'
       AND NOT EXISTS (SELECT 1 FROM shipment m WHERE m.server_id = s.id AND m.image = r.image AND m.image_id = r.image_id)
       AND NOT EXISTS (SELECT 1 FROM run WHERE run.subject_id = s.id AND run.verb = 'ship'
         AND run.input->>'releaseId' = r.id::text AND (run.state = 'done' OR run.created_at > now() - interval '1 hour'))
     ORDER BY s.name`,
    [gabunganId, app, releaseId],
  )) as { id: string; name: string }[];
}

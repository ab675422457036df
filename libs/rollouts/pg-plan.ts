import type { RolloutPlan, RolloutSettings } from '#libs/contract/rollouts.js';
import { parseVersion } from '#libs/releases/version.js';
import type { Edition, PlanDesa, PlanFacts } from './plan-facts.js';
import type { Queries } from './pg-rollout.js';
import { desaSeconds } from './pg-seen.js';
import { isSameVersion } from './same-version.js';

/** What a plan is asked for. Names were looked up within the asker's scope. */
export interface PlanAsked {
  gabunganId: string;
  app: string;
  releaseId: string;
  settings: RolloutSettings;
  seed: number;
}

interface Pair {
  gabungan: PlanFacts['gabungan'];
  release: PlanFacts['release'] & { databaseVersion: string | null };
  standingDatabaseVersion: string | null;
}

/** A release, the backup and the rehearsal's copy beside what stands; disk that was never looked at is not full. */
const ROOM_BYTES = 2 * 1024 ** 3;

/** Everything a plan is made from, as it stands now. */
export async function readPlanFacts(manager: Queries, asked: PlanAsked): Promise<PlanFacts> {
  const { gabungan, release, standingDatabaseVersion } = await pairOf(manager, asked);
  const { databaseVersion, ...shown } = release;
  return {
    gabungan,
    release: shown,
    isCodeOnly: databaseVersion !== null && databaseVersion === standingDatabaseVersion,
    isRolling: null,
    mayGoBack: await mayGoBack(manager, asked, shown.version),
    desa: await desaOf(manager, asked),
    fullServers: await fullServers(manager, asked.gabunganId),
    history: {
      desaSeconds: await desaSeconds(manager, asked.app),
      migrationSeconds: await migrationSeconds(manager, asked),
    },
    settings: asked.settings,
    seed: asked.seed,
  };
}

async function pairOf(manager: Queries, { gabunganId, releaseId }: PlanAsked): Promise<Pair> {
  const [pair] = (await manager.query(
    `SELECT jsonb_build_object('name', g.name, 'edition', g.edition, 'version', g.version) AS gabungan,
       jsonb_build_object('app', r.app, 'version', r.version, 'edition', r.edition, 'state', r.state,
         'minimumVersion', r.minimum_version, 'databaseVersion', r.database_version,
         'isWithdrawn', r.state = 'withdrawn' OR r.withdrawn_at IS NOT NULL) AS release,
       (SELECT standing.database_version FROM release standing WHERE standing.app = r.app AND standing.version = g.version)
         AS "standingDatabaseVersion"
     FROM gabungan g, release r WHERE g.id = $1 AND r.id = $2`,
    [gabunganId, releaseId],
  )) as [Pair];
  return pair;
}

/**
 * A rehearsal saw that code of the older version answers on the schema that stands now: of another schema the one that
 * it toured, of the same schema every one that stood on it. Pages tell versions without a `v`.
 */
async function mayGoBack(manager: Queries, { gabunganId, app }: PlanAsked, version: string): Promise<boolean> {
  const rows = (await manager.query(
    `SELECT DISTINCT CASE WHEN rollout.rehearsal->>'isCodeOnly' = 'true' THEN desa->>'from'
       ELSE rollout.rehearsal->'because'->'data'->>'running' END AS seen FROM rollout JOIN release ON release.id = rollout.release_id JOIN gabungan g ON g.id = rollout.gabungan_id,
       jsonb_array_elements(rollout.plan->'desa') AS desa
     WHERE rollout.gabungan_id = $1 AND rollout.app = $2 AND release.version = g.version
       AND (rollout.rehearsal->>'verdict' = 'rolling' OR rollout.rehearsal->>'isCodeOnly' = 'true')`,
    [gabunganId, app],
  )) as { seen: string | null }[];
  return rows.some(({ seen }) => isSameVersion(seen, version));
}

type DesaRow = Omit<PlanDesa, 'isUnhealthy'> & { placed: string | null; edition: Edition | null };

async function desaOf(manager: Queries, { gabunganId, app }: PlanAsked): Promise<PlanDesa[]> {
  const rows = (await manager.query(
    `SELECT d.id AS "desaId", d.code, d.name, d.kecamatan_name AS kecamatan, s.id AS "serverId", s.name AS server,
       i.observed_version AS "from", placed.version AS placed, placed.edition,
       EXISTS (SELECT 1 FROM hold h WHERE h.desa_id = d.id AND h.ended_at IS NULL AND (h.until IS NULL OR h.until > now())) AS "isHeld",
       (i.state = 'broken' OR EXISTS (SELECT 1 FROM run WHERE run.subject_kind = 'desa' AND run.subject_id = d.id
          AND run.state = 'broken' AND run.cleared_by IS NULL)) AS "isBroken",
       EXISTS (SELECT 1 FROM run WHERE run.subject_kind = 'desa' AND run.subject_id = d.id
          AND run.state IN ('queued', 'running', 'undoing')) AS "isBusy"
     FROM installation i JOIN desa d ON d.id = i.desa_id JOIN server s ON s.id = i.server_id
     LEFT JOIN release placed ON placed.id = i.placed_release_id
     WHERE i.gabungan_id = $1 AND i.app = $2 AND i.state <> 'absent' ORDER BY d.code`,
    [gabunganId, app],
  )) as DesaRow[];
  return rows.map(({ placed, ...row }) => ({
    ...row,
    from: readable(row.from),
    isUnhealthy: !answers(row.from, placed),
  }));
}

/** A page that shows no readable version says nothing of where the desa stands. */
function readable(version: string | null): string | null {
  try {
    return version === null ? null : (parseVersion(version), version);
  } catch {
    return null;
  }
}
/** Healthy = the site itself answered last with the version that is placed. */
const answers = (seen: string | null, placed: string | null): boolean =>
  seen !== null && (placed === null || isSameVersion(seen, placed));

async function fullServers(manager: Queries, gabunganId: string): Promise<ReadonlySet<string>> {
  const rows = (await manager.query(
    `SELECT DISTINCT s.id FROM server s JOIN installation i ON i.server_id = s.id
     WHERE i.gabungan_id = $1 AND (s.facts->>'freeBytes')::float < $2`,
    [gabunganId, ROOM_BYTES],
  )) as { id: string }[];
  return new Set(rows.map(({ id }) => id));
}

async function migrationSeconds(manager: Queries, { gabunganId, app }: PlanAsked): Promise<number | null> {
  const [last] = (await manager.query(
    `SELECT (rehearsal->>'migrationSeconds')::float AS seconds FROM rollout
     WHERE gabungan_id = $1 AND app = $2 AND rehearsal IS NOT NULL ORDER BY created_at DESC LIMIT 1`,
    [gabunganId, app],
  )) as { seconds: number }[];
  return last?.seconds ?? null;
}

/** The rows that the waves are decided from. Desa that are already there are counted apart, in the first wave. */
export async function storePlan(manager: Queries, rolloutId: string, plan: RolloutPlan, hash: string): Promise<void> {
  await manager.query('UPDATE rollout SET plan = $2, plan_hash = $3 WHERE id = $1', [
    rolloutId,
    JSON.stringify(plan),
    hash,
  ]);
  await manager.query('DELETE FROM rollout_wave WHERE rollout_id = $1', [rolloutId]);
  await manager.query('DELETE FROM rollout_desa WHERE rollout_id = $1', [rolloutId]);
  const going = plan.desa.filter(({ wave, isAlready }) => wave !== null || isAlready);
  const waves = [...new Set(going.flatMap(({ wave }) => (wave === null ? [] : [wave])))];
  await manager.query('INSERT INTO rollout_wave (rollout_id, position) SELECT $1, unnest($2::int[])', [
    rolloutId,
    waves,
  ]);
  await manager.query(
    `INSERT INTO rollout_desa (rollout_id, desa_id, wave, position, state)
     SELECT $1, * FROM unnest($2::uuid[], $3::int[], $4::int[], $5::text[])`,
    [
      rolloutId,
      going.map(({ desaId }) => desaId),
      going.map(({ wave }) => wave ?? 0),
      going.map((_, position) => position),
      going.map(({ isAlready }) => (isAlready ? 'already' : 'waiting')),
    ],
  );
}

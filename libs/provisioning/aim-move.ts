import type { EntityManager } from 'typeorm';
import { Conflict, InvalidInput, NotFound } from '#libs/core/errors.js';
import { forwardKeyOf } from '#libs/gateway/forward-key.js';
import type { ClaimedRun } from '#libs/runs/lease.js';
import { judgement, NEED, ranked, type Judged } from '#libs/servers/room.js';
import { roomsOf } from '#libs/servers/rooms.query.js';
import { hostForOthers } from '#libs/servers/ssh-address.js';
import type { App } from '#libs/templates/manifest.js';
import { targetOfInstallation, type Aimed, type Aiming, type OtherPlace } from './aim.js';
import type { MoveTarget } from './move-target.js';

interface AimedMove extends Aimed {
  from: OtherPlace;
  to: OtherPlace;
}

interface Standing {
  id: string;
  serverId: string;
  gabunganId: string;
  uid: number;
  releaseId: string | null;
}

/** The frozen target of a move: where the desa stands and where it will, decided at the first claim. */
export async function aimAtMove(aiming: Aiming, run: ClaimedRun): Promise<MoveTarget> {
  const app = appOf(aiming, run);
  const aimed = (run.input.aimed as AimedMove | undefined) ?? (await decide(aiming, run, app));
  return moveTargetOf(aiming, run, app, aimed);
}

/** The place that is still kept after a move, beside the one where the desa stands now. Throws `move-none-kept`. */
export async function aimAtSettling(aiming: Aiming, run: ClaimedRun): Promise<MoveTarget> {
  const app = appOf(aiming, run);
  const known = run.input.aimed as AimedMove | undefined;
  if (known) return moveTargetOf(aiming, run, app, known);
  const [row] = (await aiming.db.query(
    `SELECT i.id, i.placed_release_id AS "releaseId", m.from_server_id AS "fromServer", m.from_uid AS "fromUid",
       i.server_id AS "toServer", i.uid AS "toUid"
     FROM move m JOIN installation i ON i.id = m.installation_id
     WHERE i.desa_id = $1 AND i.app = $2 AND m.switched_at IS NOT NULL AND m.settled_at IS NULL`,
    [run.subjectId, run.app],
  )) as { id: string; releaseId: string; fromServer: string; fromUid: number; toServer: string; toUid: number }[];
  if (!row) throw new Conflict('move-none-kept', {});
  const aimed: AimedMove = {
    ...{ installationId: row.id, releaseId: row.releaseId, previousReleaseId: null },
    from: { serverId: row.fromServer, uid: row.fromUid },
    to: { serverId: row.toServer, uid: row.toUid },
  };
  await keep(aiming.db.manager, run, aimed);
  return moveTargetOf(aiming, run, app, aimed);
}

function appOf({ apps }: Aiming, run: ClaimedRun): App {
  const app = apps.get(run.app ?? '');
  if (!app) throw new InvalidInput('app-unknown', { app: run.app ?? '' });
  return app;
}

const keep = (manager: Pick<EntityManager, 'query'>, run: ClaimedRun, aimed: AimedMove): Promise<unknown> =>
  manager.query('UPDATE run SET input = input || $2 WHERE id = $1 AND fence = $3', [
    run.runId,
    JSON.stringify({ aimed }),
    run.fence,
  ]);

async function decide({ db }: Aiming, run: ClaimedRun, app: App): Promise<AimedMove> {
  return db.transaction(async (manager) => {
    const [standing] = (await manager.query(
      `SELECT id, server_id AS "serverId", gabungan_id AS "gabunganId", uid, placed_release_id AS "releaseId"
       FROM installation WHERE desa_id = $1 AND app = $2`,
      [run.subjectId, app.app],
    )) as Standing[];
    if (!standing?.releaseId) throw new Conflict('desa-not-installed', { app: app.app });
    const { serverId, judged } = await chooseServer(manager, run, standing);
    const uid = await uidOn(manager, serverId, standing.uid, app);
    const aimed: AimedMove = {
      ...{ installationId: standing.id, releaseId: standing.releaseId, previousReleaseId: null, judged },
      from: { serverId: standing.serverId, uid: standing.uid },
      to: { serverId, uid },
    };
    // A plan keeps no uid.
    if (!run.input.dryRun) await insertMove(manager, run, aimed);
    await keep(manager, run, aimed);
    return aimed;
  });
}

/** The one that was named, or the one with the most room; it must have room, and be another one. */
async function chooseServer(
  manager: EntityManager,
  run: ClaimedRun,
  { serverId }: Standing,
): Promise<{ serverId: string; judged: string[] }> {
  const { server, labels } = run.input as { server?: string; labels?: string[] };
  const rooms = await roomsOf(manager, run.kabupatenId);
  if (server && !rooms.some(({ name }) => name === server)) throw new NotFound('server-unknown', { name: server });
  const others = rooms.filter(({ id, name }) => id !== serverId && (!server || name === server));
  if (server && others.length === 0) throw new Conflict('move-same-server', { name: server });
  const judged: Judged[] = ranked(others, { ...NEED, labels: labels ?? [] });
  const [best] = judged;
  if (!best || best.lacks.length > 0) throw new Conflict('server-none-fits', { reasons: judged.map(judgement) });
  return { serverId: best.id, judged: judged.map(judgement) };
}

/** Its own when that is higher than every other there; else the next one. */
async function uidOn(manager: EntityManager, serverId: string, own: number, { app, site }: App): Promise<number> {
  const [row] = (await manager.query('SELECT free_uid($1, $2, $3) AS uid', [serverId, app, site.uidBase])) as {
    uid: number;
  }[];
  return Math.max(row!.uid, own);
}

const insertMove = (manager: EntityManager, run: ClaimedRun, { installationId, releaseId, from, to }: AimedMove) =>
  manager.query(
    `INSERT INTO move (kabupaten_id, run_id, installation_id, release_id, from_server_id, to_server_id, from_uid, to_uid)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [run.kabupatenId, run.runId, installationId, releaseId, from.serverId, to.serverId, from.uid, to.uid],
  );

async function moveTargetOf(aiming: Aiming, run: ClaimedRun, app: App, aimed: AimedMove): Promise<MoveTarget> {
  const from = await targetOfInstallation(aiming, run, app, { ...aimed, at: aimed.from });
  const to = await targetOfInstallation(aiming, run, app, { ...aimed, at: aimed.to });
  const [server] = (await aiming.db.query(
    'SELECT name, address, http_address AS "httpAddress", internal_address AS "internalAddress", http_port AS "httpPort" FROM server WHERE id = $1',
    [aimed.to.serverId],
  )) as { name: string; address: string; httpAddress: string; internalAddress: string | null; httpPort: number }[];
  const host = server && hostForOthers(server);
  if (!server || !host) throw new Conflict('server-without-address', { name: server?.name ?? '' });
  const key = forwardKeyOf(aiming.ring, aimed.to.serverId);
  // What the desa leaves behind is its old place's runtime.
  const leaving = Object.freeze({ ...from, previousRuntime: from.runtime });
  return Object.freeze({ run: from.run, from: leaving, to, forward: { host, port: server.httpPort, key } });
}

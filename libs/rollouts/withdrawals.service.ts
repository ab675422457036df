import type { DataSource } from 'typeorm';
import { record } from '#libs/audit/audit.service.js';
import type { Scope } from '#libs/auth/scope.js';
import { Conflict, Forbidden, NotFound } from '#libs/core/errors.js';
import { formatVersion, parseVersion } from '#libs/releases/version.js';
import { pause, trace, type Applying } from './apply.js';
import { databaseNow, lockRollout, type Queries } from './pg-rollout.js';
import type { Reason } from './rollout.js';

/** A release that must not be used any more. */
export class WithdrawalsService {
  constructor(private readonly db: DataSource) {}

  /** Running rollouts of it pause, those that have not begun are refused. Releases belong to all: who sees all may. */
  async withdraw(
    scope: Scope,
    who: string,
    { app, version: text }: { app: string; version: string },
    why: string,
  ): Promise<void> {
    if (scope.kabupatenIds !== 'all') throw new Forbidden('scope-too-narrow');
    const version = formatVersion(parseVersion(text));
    await this.db.transaction(async (manager) => {
      const releaseId = await close(manager, { app, version, who, why });
      await record(manager, { actor: who, action: 'release.withdraw', subject: `${app} ${version}`, after: { why } });
      await halt(manager, releaseId, who, { code: 'rollout-release-withdrawn', data: { version, why } });
    });
  }
}

async function close(
  manager: Queries,
  { app, version, who, why }: { app: string; version: string; who: string; why: string },
): Promise<string> {
  const [found] = (await manager.query('SELECT id, state FROM release WHERE app = $1 AND version = $2 FOR UPDATE', [
    app,
    version,
  ])) as { id: string; state: string }[];
  if (!found) throw new NotFound('release-unknown', { app, version });
  if (found.state === 'withdrawn') throw new Conflict('release-withdrawn', { version });
  await manager.query(
    `UPDATE release SET state = 'withdrawn', withdrawn_by = $2, withdrawn_reason = $3, withdrawn_at = now() WHERE id = $1`,
    [found.id, who, why],
  );
  return found.id;
}

/** Rollouts that a tick holds meanwhile are waited for, in one order, so that two withdrawals never wait for each other. */
async function halt(manager: Queries, releaseId: string, who: string, reason: Reason): Promise<void> {
  const rows = (await manager.query(
    `SELECT id FROM rollout WHERE release_id = $1 AND state IN ('draft', 'approved', 'running') ORDER BY kabupaten_id, id`,
    [releaseId],
  )) as { id: string }[];
  for (const { id } of rows) {
    const rollout = await lockRollout(manager, id);
    if (!rollout) continue;
    const at = { manager, rollout, now: await databaseNow(manager) };
    if (rollout.state === 'running') await pause(at, who, reason);
    else await refuse(at, who, reason);
  }
}

async function refuse(at: Applying, who: string, reason: Reason): Promise<void> {
  const [, touched] = (await at.manager.query(
    `UPDATE rollout SET state = 'stopped', ended_at = $2, reason = $3 WHERE id = $1 AND state IN ('draft', 'approved')`,
    [at.rollout.id, at.now, JSON.stringify(reason)],
  )) as [unknown, number];
  if (touched > 0) await trace(at, who, 'rollout.stop', reason);
}

import type { DataSource } from 'typeorm';
import type { Scope } from '#libs/auth/scope.js';
import { parseKodeDesa } from '#libs/catalog/kode-desa.js';
import { Conflict, NotFound } from '#libs/core/errors.js';
import { pause, takeBack, trace, type Applying } from './apply.js';
import { insertHold } from './holds.service.js';
import { assertMay, type RolloutAct } from './moves.js';
import { databaseNow, lockInScope } from './pg-rollout.js';
import type { DesaState } from './rollout.js';
import { noRing, type RolloutRinger } from './rollout-ringer.js';

/** Reasons of a pause that only their own way ends: a person's word, the clock's next window, a release withdrawn. */
const STAYS_PAUSED = ['rollout-paused', 'window-closes', 'release-withdrawn', 'rollout-release-withdrawn'];

interface Chosen {
  desaId: string;
  code: string;
  state: DesaState;
  signature: string | null;
  runState: string | null;
}

/** What a person does with a rollout that has begun. Every act is one transaction with its audit row; the tick goes on from there. */
export class RolloutsService {
  constructor(
    private readonly db: DataSource,
    private readonly now?: () => Date,
    private readonly bell: RolloutRinger = noRing,
  ) {}

  pause(scope: Scope, who: string, id: string): Promise<void> {
    return this.act(scope, id, 'pause', (at) => pause(at, who, { code: 'rollout-paused', data: { who } }));
  }

  /** Throws `release-withdrawn`. What ended badly before is asked for once more. */
  resume(scope: Scope, who: string, id: string): Promise<void> {
    return this.act(scope, id, 'resume', async (at) => {
      // A person's word is not bound to the clock's window.
      await at.manager.query('UPDATE rollout SET window_ends_at = NULL WHERE id = $1', [id]);
      await letGo(at, who);
    });
  }

  /** The clock's: it goes on until the window closes again. */
  resumeUntil(scope: Scope, who: string, id: string, windowEndsAt: Date): Promise<void> {
    return this.act(scope, id, 'resume', async (at) => {
      await at.manager.query('UPDATE rollout SET window_ends_at = $2 WHERE id = $1', [id, windowEndsAt]);
      await letGo(at, who);
    });
  }

  /** What runs ends by itself; nothing new begins, ever. */
  stop(scope: Scope, who: string, id: string): Promise<void> {
    return this.act(scope, id, 'stop', async (at) => {
      await at.manager.query(`UPDATE rollout SET state = 'stopped', ended_at = $2, reason = $3 WHERE id = $1`, [
        id,
        at.now,
        JSON.stringify({ code: 'rollout-stopped', data: { who } }),
      ]);
      await takeBack(at);
      await trace(at, who, 'rollout.stop');
    });
  }

  /** Failed desa wait again for their turn, and a rollout that stopped because of them goes on. */
  retry(scope: Scope, who: string, id: string, codes: string[]): Promise<void> {
    return this.act(scope, id, 'retry', async (at) => {
      const chosen = await choose(at, codes, ['failed']);
      const broken = chosen.find(({ runState }) => runState === 'broken');
      if (broken) throw new Conflict('run-broken', { verb: 'update', label: broken.code });
      await at.manager.query(
        `UPDATE rollout_desa SET state = 'waiting', run_id = NULL, signature = NULL, problem = NULL, started_at = NULL, ended_at = NULL
         WHERE rollout_id = $1 AND desa_id = ANY($2)`,
        [id, chosen.map(({ desaId }) => desaId)],
      );
      await trace(at, who, 'rollout.retry', { desa: chosen.map(({ code }) => code) });
      await goOn(at, who);
    });
  }

  /** Keeps these desa out, of this rollout and of later ones until the hold ends, and goes on without them. */
  hold(scope: Scope, who: string, id: string, { desa, reason }: { desa: string[]; reason?: string }): Promise<void> {
    return this.act(scope, id, 'hold', async (at) => {
      const chosen = await choose(at, desa, ['failed', 'waiting']);
      const { app, version, kabupatenId } = at.rollout;
      for (const { desaId, code, signature } of chosen) {
        const words = reason ?? `${app} ${version}: ${signature ?? 'rollout'}`;
        await insertHold(at.manager, { kabupatenId, desaId, code, reason: words, until: null, who, now: at.now });
      }
      await at.manager.query(
        `UPDATE rollout_desa SET state = 'held', ended_at = $3 WHERE rollout_id = $1 AND desa_id = ANY($2)`,
        [id, chosen.map(({ desaId }) => desaId), at.now],
      );
      await trace(at, who, 'rollout.hold', { desa: chosen.map(({ code }) => code), reason });
      await goOn(at, who);
    });
  }

  /** A person's yes for the gate after the wave that has just ended well. */
  releaseGate(scope: Scope, who: string, id: string): Promise<void> {
    return this.act(scope, id, 'gate', async (at) => {
      const [rows] = (await at.manager.query(
        `UPDATE rollout_wave SET released_by = $2, released_at = $3
         WHERE rollout_id = $1 AND state = 'running' AND settled_at IS NOT NULL AND released_at IS NULL RETURNING position`,
        [id, who, at.now],
      )) as [{ position: number }[], number];
      if (!rows[0]) throw new Conflict('gate-not-open');
      await trace(at, who, 'rollout.release-gate', { wave: rows[0].position + 1 });
    });
  }

  private async act(scope: Scope, id: string, act: RolloutAct, write: (at: Applying) => Promise<void>): Promise<void> {
    await this.db.transaction(async (manager) => {
      const rollout = await lockInScope(manager, scope, id);
      assertMay(rollout.state, act);
      await write({ manager, rollout, now: this.now?.() ?? (await databaseNow(manager)) });
    });
    await this.bell.ringRollout(id);
  }
}

async function letGo(at: Applying, who: string): Promise<void> {
  const { manager, rollout, now } = at;
  if (rollout.isWithdrawn) throw new Conflict('release-withdrawn', { version: rollout.version });
  await manager.query(`UPDATE rollout SET state = 'running', reason = NULL, resumed_at = $2 WHERE id = $1`, [
    rollout.id,
    now,
  ]);
  await trace(at, who, 'rollout.resume');
}

async function goOn(at: Applying, who: string): Promise<void> {
  const { state, reason } = at.rollout;
  if (state === 'paused' && !STAYS_PAUSED.includes(reason?.code ?? '')) await letGo(at, who);
}

/** All or none: a code that is not in this rollout, or in another state, refuses the whole choice. */
async function choose({ manager, rollout }: Applying, codes: string[], states: DesaState[]): Promise<Chosen[]> {
  const wanted = [...new Set(codes.map(parseKodeDesa))];
  const found = (await manager.query(
    `SELECT r.desa_id AS "desaId", d.code, r.state, r.signature, CASE WHEN run.cleared_by IS NULL THEN run.state END AS "runState"
     FROM rollout_desa r JOIN desa d ON d.id = r.desa_id LEFT JOIN run ON run.id = r.run_id
     WHERE r.rollout_id = $1 AND d.code = ANY($2)`,
    [rollout.id, wanted],
  )) as Chosen[];
  const missing = wanted.find((code) => !found.some((one) => one.code === code));
  if (missing) throw new NotFound('desa-not-in-rollout', { code: missing });
  const other = found.filter(({ state }) => !states.includes(state)).map(({ code, state }) => `${code} (${state})`);
  if (other.length > 0) throw new Conflict('desa-not-so', { desa: other, states: [...states] });
  return found;
}

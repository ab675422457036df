import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Scope } from '#libs/auth/scope.js';
import { rolloutSettings, type RolloutNew, type RolloutPlan, type RolloutSettings } from '#libs/contract/rollouts.js';
import { Conflict, Forbidden, NotFound } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import { findGabungan } from '#libs/gabungan/gabungan.service.js';
import { formatVersion, parseVersion } from '#libs/releases/version.js';
import { trace } from './apply.js';
import { planHash, whatChanged, type PlanChange, type PlanChangeCode } from './plan-hash.js';
import { planRollout } from './plan.js';
import { databaseNow, lockInScope, lockKabupaten, type Queries, type RolloutRow } from './pg-rollout.js';
import { readPlanFacts, storePlan, type PlanAsked } from './pg-plan.js';
import { assertMay } from './moves.js';
import type { Reason } from './rollout.js';
import { noRing, type RolloutRinger } from './rollout-ringer.js';

interface Drafting {
  who: string;
  kabupatenId: string;
  isDryRun: boolean;
}

/** The same for the same gabungan and release, so that a dry run and the rollout made of it are one plan. */
const seedOf = (gabunganId: string, releaseId: string): number =>
  createHash('sha256').update(`${gabunganId} ${releaseId}`).digest().readUInt32BE() >>> 1;

/** From a wish to a rollout that may begin: planned, approved by its hash, started. A changed world asks for a new approval. */
export class PlansService {
  constructor(
    private readonly db: DataSource,
    private readonly now?: () => Date,
    private readonly bell: RolloutRinger = noRing,
  ) {}

  /**
   * Kept as a draft: nothing but its own rows is written. Answers its id. A dry run is kept until the same person plans
   * again and stands in no list; the same wish made in earnest takes its place.
   */
  async plan(scope: Scope, who: string, wanted: RolloutNew, { isDryRun } = { isDryRun: false }): Promise<string> {
    const { id: gabunganId, kabupatenId } = await findGabungan(this.db, scope, wanted.gabungan);
    const { id: releaseId } = await this.releaseOf(wanted);
    const asked: PlanAsked = {
      gabunganId,
      app: wanted.app,
      releaseId,
      settings: rolloutSettings.parse(wanted.settings ?? {}),
      seed: wanted.seed ?? seedOf(gabunganId, releaseId),
    };
    return this.db.transaction((manager) => this.draft(manager, { who, kabupatenId, isDryRun }, asked));
  }

  private async releaseOf({ app, version }: RolloutNew): Promise<{ id: string }> {
    const [found] = (await this.db.query('SELECT id FROM release WHERE app = $1 AND version = $2', [
      app,
      formatVersion(parseVersion(version)),
    ])) as { id: string }[];
    if (!found) throw new NotFound('release-unknown', { app, version });
    return found;
  }

  private async draft(manager: Queries, by: Drafting, asked: PlanAsked): Promise<string> {
    const id = newId();
    const plan = planRollout(await readPlanFacts(manager, asked));
    const { gabunganId, app, releaseId, settings, seed } = asked;
    await manager.query(
      `DELETE FROM rollout WHERE gabungan_id = $1 AND app = $2 AND asked_by = $3 AND state = 'draft' AND is_preparation
         AND NOT EXISTS (SELECT 1 FROM run WHERE run.rollout_id = rollout.id)`,
      [gabunganId, app, by.who],
    );
    await manager.query(
      `INSERT INTO rollout (id, kabupaten_id, gabungan_id, app, release_id, state, settings, seed, plan, plan_hash, asked_by, is_preparation)
       VALUES ($1, $2, $3, $4, $5, 'draft', $6, $7, '{}', '', $8, $9)`,
      [id, by.kabupatenId, gabunganId, app, releaseId, JSON.stringify(settings), seed, by.who, by.isDryRun],
    );
    const hash = planHash(plan, settings, seed);
    await storePlan(manager, id, plan, hash);
    const rollout = await lockInScope(manager, { kabupatenIds: [by.kabupatenId] }, id);
    await trace({ manager, rollout, now: await this.at(manager) }, by.who, 'rollout.plan', { hash });
    return id;
  }

  /** What stops the plan that is stored. */
  async problemsOf(id: string): Promise<Reason[]> {
    const [row] = (await this.db.query(`SELECT plan->'problems' AS problems FROM rollout WHERE id = $1`, [id])) as {
      problems: Reason[];
    }[];
    return row?.problems ?? [];
  }

  /** A prepared draft is planned anew with these settings and shown to people; answers the hash to approve. */
  open(scope: Scope, who: string, id: string, settings: RolloutSettings): Promise<string> {
    return this.db.transaction(async (manager) => {
      const rollout = await lockInScope(manager, scope, id);
      assertMay(rollout.state, 'approve');
      const plan = planRollout(await readPlanFacts(manager, { ...rollout, settings }));
      const hash = planHash(plan, settings, rollout.seed);
      await manager.query('UPDATE rollout SET settings = $2, is_preparation = false WHERE id = $1', [
        id,
        JSON.stringify(settings),
      ]);
      await storePlan(manager, id, plan, hash);
      await trace({ manager, rollout, now: await this.at(manager) }, who, 'rollout.open', { hash });
      return hash;
    });
  }

  /** Throws `plan-hash-differs`, `plan-changed` (the new plan is stored then), `four-eyes`, or what stops the plan. */
  async approve(scope: Scope, who: string, id: string, hash: string): Promise<void> {
    const changes = await this.db.transaction(async (manager) => {
      const rollout = await lockInScope(manager, scope, id);
      assertMay(rollout.state, 'approve');
      if (hash !== rollout.planHash) throw new Conflict('plan-hash-differs', { hash: rollout.planHash });
      if (rollout.settings.fourEyes && rollout.askedBy === who) throw new Forbidden('four-eyes', { who });
      const changed = await this.renew(manager, rollout);
      if (changed.length === 0) await this.write(manager, rollout, who);
      return changed;
    });
    if (changes.length > 0) throw changed(changes);
    await this.bell.ringRollout(id);
  }

  private async write(manager: Queries, rollout: RolloutRow, who: string): Promise<void> {
    assertGoes(rollout.plan);
    await lockKabupaten(manager, rollout.kabupatenId);
    await assertAlone(manager, rollout);
    const now = await this.at(manager);
    await manager.query(
      `UPDATE rollout SET state = 'approved', approved_by = $2, approved_at = $3, is_preparation = false WHERE id = $1`,
      [rollout.id, who, now],
    );
    await trace({ manager, rollout, now }, who, 'rollout.approve', { hash: rollout.planHash });
  }

  /** Throws `plan-changed`: the approval is gone then, and the draft holds the new plan. */
  async start(scope: Scope, who: string, id: string, windowEndsAt: Date | null = null): Promise<void> {
    const changes = await this.db.transaction(async (manager) => {
      const rollout = await lockInScope(manager, scope, id);
      assertMay(rollout.state, 'start');
      const changed = await this.renew(manager, rollout);
      if (changed.length === 0) await this.begin(manager, rollout, who, windowEndsAt);
      return changed;
    });
    if (changes.length > 0) throw changed(changes);
    await this.bell.ringRollout(id);
  }

  private async begin(manager: Queries, rollout: RolloutRow, who: string, windowEndsAt: Date | null): Promise<void> {
    assertGoes(rollout.plan);
    const now = await this.at(manager);
    await manager.query(
      `UPDATE rollout SET state = 'running', started_at = $2, window_ends_at = $3, reason = NULL WHERE id = $1`,
      [rollout.id, now, windowEndsAt],
    );
    await trace({ manager, rollout, now }, who, 'rollout.start', { windowEndsAt });
  }

  /** Plans again from the same wish. A plan that differs takes the place of the old one, and an approval of that ends. */
  private async renew(manager: Queries, rollout: RolloutRow): Promise<PlanChange[]> {
    const { id, gabunganId, app, releaseId, settings, seed } = rollout;
    const plan = planRollout(await readPlanFacts(manager, { gabunganId, app, releaseId, settings, seed }));
    const changes = whatChanged(rollout.plan, plan);
    if (changes.length === 0) return [];
    await storePlan(manager, id, plan, planHash(plan, settings, seed));
    await manager.query(
      `UPDATE rollout SET state = 'draft', approved_by = NULL, approved_at = NULL WHERE id = $1 AND state = 'approved'`,
      [id],
    );
    return changes;
  }

  private async at(manager: Queries): Promise<Date> {
    return this.now?.() ?? databaseNow(manager);
  }
}

/** How many of each, so that the sentence reads in every language; `changes` is for programs. */
function changed(changes: PlanChange[]): Conflict {
  const of = (...codes: PlanChangeCode[]): string[] =>
    changes.filter(({ code }) => codes.includes(code)).flatMap(({ data }) => data.desa);
  return new Conflict('plan-changed', {
    added: of('desa-added').length,
    gone: of('desa-gone').length,
    held: of('hold-changed').length,
    moved: of('desa-moved').length,
    other: of('desa-changed', 'blockers-changed').length,
    desa: [...new Set(changes.flatMap(({ data }) => data.desa))],
    changes: changes.map(({ code, data: { desa } }) => (desa.length > 0 ? `${code} (${desa.join(', ')})` : code)),
  });
}

function assertGoes({ problems, desa, app, version }: RolloutPlan): void {
  const [problem] = problems;
  if (problem) throw new Conflict(problem.code, problem.data as Conflict['data']);
  if (!desa.some(({ wave }) => wave !== null)) throw new Conflict('rollout-empty', { app, version });
}

async function assertAlone(manager: Queries, { id, gabunganId, gabungan, app }: RolloutRow): Promise<void> {
  const [open] = (await manager.query(
    `SELECT id, state FROM rollout WHERE gabungan_id = $1 AND app = $2 AND id <> $3 AND state IN ('approved', 'running', 'paused')`,
    [gabunganId, app, id],
  )) as { id: string; state: string }[];
  if (open) throw new Conflict('rollout-already-open', { rolloutId: open.id, state: open.state, gabungan, app });
}

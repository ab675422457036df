import { apply } from '#libs/rollouts/apply.js';
import { decide } from '#libs/rollouts/decide.js';
import { HoldsService } from '#libs/rollouts/holds.service.js';
import { databaseNow, lockRollout } from '#libs/rollouts/pg-rollout.js';
import { readSeen } from '#libs/rollouts/pg-seen.js';
import { ALL, begin, counts, furnish, openRolloutWorld, settleAll, type RolloutWorld } from './rollout-world.js';

let world: RolloutWorld;
beforeAll(async () => {
  world = await openRolloutWorld();
}, 120_000);
afterAll(() => world?.close());
beforeEach(() => {
  world.worker.fates.clear();
  world.worker.verdict = 'rolling';
});

const runsOf = async (id: string): Promise<{ subject: string; count: number }[]> =>
  world.db.query(
    `SELECT subject_id AS subject, count(*)::int AS count FROM run WHERE rollout_id = $1 AND subject_kind = 'desa' GROUP BY 1`,
    [id],
  );
const canaryOf = async (id: string) => (await world.query.show(ALL, id)).desa.filter(({ wave }) => wave === 0);

describe('a rollout', () => {
  it('rehearses, backs up, migrates once and brings every desa in waves to the release', async () => {
    const fleet = await furnish(world.db, 7);
    const id = await begin(world, fleet);
    const whole = await settleAll(world, id);
    expect(whole).toMatchObject({ state: 'finished', phase: 'waves', problem: null });
    expect(whole.runs.map(({ verb }) => verb)).toEqual(['rehearse', 'backup', 'migrate']);
    expect(counts(whole)).toEqual({ done: 7 });
    expect(whole.waves.map(({ state, counts: { done } }) => [state, done])).toEqual([
      ['passed', 1],
      ['passed', 4],
      ['passed', 2],
    ]);
    expect((await runsOf(id)).every(({ count }) => count === 1)).toBe(true);
    const [{ actions }] = await world.db.query(
      `SELECT array_agg(action ORDER BY id) AS actions FROM audit WHERE after->>'rolloutId' = $1 AND action LIKE 'rollout.%'`,
      [id],
    );
    expect(actions).toEqual(['rollout.plan', 'rollout.approve', 'rollout.start', 'rollout.finish']);
  });

  it('of code alone skips the backup and the migration, as its rehearsal proved', async () => {
    const fleet = await furnish(world.db, 2);
    world.worker.isCodeOnly = true;
    const whole = await settleAll(world, await begin(world, fleet));
    world.worker.isCodeOnly = false;
    expect([whole.state, whole.runs.map(({ verb }) => verb)]).toEqual(['finished', ['rehearse']]);
  });

  it('whose rehearsal fails stops before anything real was touched, and tries again when a person resumes it', async () => {
    const fleet = await furnish(world.db, 3);
    world.worker.verdict = 'unusable';
    const id = await begin(world, fleet);
    const stopped = await settleAll(world, id);
    expect(stopped).toMatchObject({ state: 'paused', phase: 'rehearse', problem: { code: 'rehearsal-unusable' } });
    expect(await runsOf(id)).toEqual([]);
    world.worker.verdict = 'window';
    await world.rollouts.resume(ALL, 'ani', id);
    expect(await settleAll(world, id)).toMatchObject({ state: 'finished', rehearsal: { verdict: 'window' } });
  });

  it('whose backup fails waits for a person; resumed, it is tried once more', async () => {
    const fleet = await furnish(world.db, 2);
    world.worker.fates.set('backup', 'undone');
    const id = await begin(world, fleet);
    expect(await settleAll(world, id)).toMatchObject({
      state: 'paused',
      phase: 'backup',
      problem: { code: 'site-not-proved' },
    });
    world.worker.fates.clear();
    await world.rollouts.resume(ALL, 'ani', id);
    const whole = await settleAll(world, id);
    expect([whole.state, whole.runs.map(({ verb }) => verb)]).toEqual([
      'finished',
      ['rehearse', 'backup', 'backup', 'migrate'],
    ]);
  });
});

describe('a failing canary', () => {
  it('pauses the rollout and touches nobody else; held, the others go on without it', async () => {
    const fleet = await furnish(world.db, 6);
    const id = await begin(world, fleet);
    const [canary] = await canaryOf(id);
    world.worker.fates.set(canary!.code, 'undone');
    const paused = await settleAll(world, id);
    expect(paused).toMatchObject({ state: 'paused', problem: { code: 'wave-failed' } });
    expect(counts(paused)).toEqual({ failed: 1, waiting: 5 });
    expect(await runsOf(id)).toHaveLength(1);
    expect(paused.failures).toMatchObject([{ desa: [canary!.code], problem: { code: 'site-not-proved' } }]);

    await world.rollouts.hold(ALL, 'ani', id, { desa: paused.failures[0]!.desa });
    const whole = await settleAll(world, id);
    expect([whole.state, counts(whole)]).toEqual(['finished', { held: 1, done: 5 }]);
    const holds = (await new HoldsService(world.db).list({ kabupatenIds: [fleet.kabupatenId] })).items;
    expect(holds.map(({ code }) => code)).toEqual([canary!.code]);
  });

  it('is tried again when asked, and then all arrive', async () => {
    const fleet = await furnish(world.db, 4);
    const id = await begin(world, fleet);
    const [canary] = await canaryOf(id);
    world.worker.fates.set(canary!.code, 'undone');
    await settleAll(world, id);
    world.worker.fates.clear();
    await world.rollouts.retry(ALL, 'ani', id, [canary!.code]);
    const whole = await settleAll(world, id);
    expect([whole.state, counts(whole)]).toEqual(['finished', { done: 4 }]);
    await expect(world.rollouts.retry(ALL, 'ani', id, [canary!.code])).rejects.toMatchObject({ code: 'rollout-state' });
  });

  it('whose run says done while its site shows the old version counts as failed', async () => {
    const fleet = await furnish(world.db, 3);
    const id = await begin(world, fleet);
    const [canary] = await canaryOf(id);
    world.worker.fates.set(canary!.code, 'lies');
    await settleAll(world, id);
    await world.db.query(
      `UPDATE run SET ended_at = ended_at - interval '2 minutes' WHERE rollout_id = $1 AND verb = 'update'`,
      [id],
    );
    const whole = await settleAll(world, id);
    expect(whole).toMatchObject({ state: 'paused', failures: [{ signature: 'not-observed', desa: [canary!.code] }] });
  });
});

describe('ticks', () => {
  it('that come eight at once start nobody twice and keep the limit of a server', async () => {
    const fleet = await furnish(world.db, 12);
    const id = await begin(world, fleet, { waves: [{ percent: 100 }], perServer: 2 });
    let most = 0;
    for (let round = 0; round < 40; round += 1) {
      await Promise.all(Array.from({ length: 8 }, () => world.ticks.tick(id)));
      const busy = (await world.db.query(
        `SELECT count(*)::int AS count FROM run JOIN installation i ON i.desa_id = run.subject_id
         WHERE rollout_id = $1 AND run.state IN ('queued', 'running') GROUP BY i.server_id`,
        [id],
      )) as { count: number }[];
      most = Math.max(most, ...busy.map(({ count }) => count));
      if ((await world.worker.work(id)) === 0) break;
    }
    expect((await world.query.show(ALL, id)).state).toBe('finished');
    expect(most).toBe(2);
    expect((await runsOf(id)).map(({ count }) => count)).toEqual(Array(12).fill(1));
  }, 60_000);

  it('killed after any decision leave nothing half, and the next one ends in the same world', async () => {
    const fleet = await furnish(world.db, 4);
    const id = await begin(world, fleet);
    let kills = 0;
    for (let round = 0; round < 40; round += 1) {
      kills += await killedAtEach(id);
      await world.ticks.tick(id);
      if ((await world.worker.work(id)) === 0) break;
    }
    expect(kills).toBeGreaterThan(10);
    expect(counts(await world.query.show(ALL, id))).toEqual({ done: 4 });
    expect((await runsOf(id)).map(({ count }) => count)).toEqual([1, 1, 1, 1]);
  }, 60_000);

  it('start the next wave in the same breath in which the last result of a wave is seen', async () => {
    const fleet = await furnish(world.db, 4);
    const id = await begin(world, fleet, { waves: [{ count: 1 }, { percent: 100 }] });
    while ((await world.query.show(ALL, id)).waves[0]!.counts.running === 0) {
      await world.ticks.tick(id);
      if ((await canaryOf(id))[0]!.state === 'waiting') await world.worker.work(id);
    }
    await world.worker.work(id);
    const from = Date.now();
    await world.ticks.tick(id);
    expect(Date.now() - from).toBeLessThan(2000);
    expect(counts(await world.query.show(ALL, id))).toEqual({ done: 1, running: 3 });
  });
});

/** A transaction that breaks off after the first decision, after the second, and so on: nothing of it may stay. */
async function killedAtEach(id: string): Promise<number> {
  for (let at = 1; ; at += 1) {
    const before = await snapshot(id);
    const applied = await world.db
      .transaction(async (manager) => {
        const rollout = (await lockRollout(manager, id))!;
        const now = await databaseNow(manager);
        const decisions = decide(await readSeen(manager, rollout, now), now);
        for (const decision of decisions.slice(0, at)) await apply({ manager, rollout, now }, decision);
        throw Object.assign(new Error('killed'), { decisions: decisions.length });
      })
      .catch((error: { decisions?: number }) => error.decisions ?? Promise.reject(error));
    expect(await snapshot(id)).toEqual(before);
    if (at >= Number(applied)) return Number(applied);
  }
}
const snapshot = (id: string): Promise<unknown> =>
  world.db.query(
    `SELECT r.state, r.phase, (SELECT jsonb_agg(d ORDER BY desa_id) FROM rollout_desa d WHERE rollout_id = r.id) AS desa,
       (SELECT jsonb_agg(w ORDER BY position) FROM rollout_wave w WHERE rollout_id = r.id) AS waves,
       (SELECT count(*) FROM run WHERE rollout_id = r.id) AS runs FROM rollout r WHERE id = $1`,
    [id],
  );

import { Conflict, Forbidden, NotFound } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import { HoldsService } from '#libs/rollouts/holds.service.js';
import { WithdrawalsService } from '#libs/rollouts/withdrawals.service.js';
import {
  addDesa,
  addRelease,
  ALL,
  begin,
  counts,
  furnish,
  NEW,
  openRolloutWorld,
  settleAll,
  WAVES,
  type RolloutWorld,
} from './rollout-world.js';

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
describe('a person', () => {
  it('pauses: what waits in the queue is taken back, and goes on when resumed', async () => {
    const fleet = await furnish(world.db, 5);
    const id = await begin(world, fleet, { waves: [{ percent: 100 }] });
    await world.ticks.tick(id);
    for (let round = 0; round < 3; round += 1) await world.worker.work(id).then(() => world.ticks.tick(id));
    expect(counts(await world.query.show(ALL, id))).toEqual({ running: 5 });
    await world.rollouts.pause(ALL, 'ani', id);
    expect(await world.query.show(ALL, id)).toMatchObject({ state: 'paused', problem: { code: 'rollout-paused' } });
    expect(counts(await world.query.show(ALL, id))).toEqual({ waiting: 5 });
    await settleAll(world, id);
    expect(counts(await world.query.show(ALL, id))).toEqual({ waiting: 5 });
    await world.rollouts.resume(ALL, 'ani', id);
    expect(counts(await settleAll(world, id))).toEqual({ done: 5 });
  });

  it('opens the gate between two waves, and nothing passes it before', async () => {
    const fleet = await furnish(world.db, 3);
    const id = await begin(world, fleet, { waves: [{ count: 1 }, { percent: 100 }], needsYes: true });
    expect(counts(await settleAll(world, id))).toEqual({ done: 1, waiting: 2 });
    await world.rollouts.releaseGate(ALL, 'budi', id);
    const whole = await settleAll(world, id);
    expect([whole.state, whole.waves[0]!.releasedBy]).toEqual(['finished', 'budi']);
    await expect(world.rollouts.releaseGate(ALL, 'budi', id)).rejects.toThrow(Conflict);
  });

  it('stops: what runs comes to its end, nothing else begins', async () => {
    const fleet = await furnish(world.db, 3);
    const id = await begin(world, fleet, { waves: [{ count: 1 }, { percent: 100 }], needsYes: true });
    await settleAll(world, id);
    await world.rollouts.stop(ALL, 'ani', id);
    const whole = await settleAll(world, id);
    expect([whole.state, counts(whole)]).toEqual(['stopped', { done: 1, waiting: 2 }]);
    await expect(world.rollouts.resume(ALL, 'ani', id)).rejects.toMatchObject({ code: 'rollout-state' });
  });

  it('of another kabupaten finds nothing of it', async () => {
    const fleet = await furnish(world.db, 1);
    const id = await begin(world, fleet);
    const neighbour = { kabupatenIds: [newId()] };
    await expect(world.query.show(neighbour, id)).rejects.toThrow(NotFound);
    for (const act of ['pause', 'resume', 'stop', 'releaseGate'] as const)
      await expect(world.rollouts[act](neighbour, 'x', id)).rejects.toMatchObject({ code: 'rollout-unknown' });
    await expect(world.plans.approve(neighbour, 'x', id, 'x')).rejects.toMatchObject({ code: 'rollout-unknown' });
    await expect(
      world.plans.plan(neighbour, 'x', { gabungan: fleet.gabungan, app: 'opensid', version: NEW }),
    ).rejects.toMatchObject({ code: 'gabungan-unknown' });
    expect((await world.query.list(neighbour)).total).toBe(0);
  });
});

describe('an approval', () => {
  const wish = (gabungan: string) => ({ gabungan, app: 'opensid', version: NEW, seed: 3 });

  it('is of one plan: a world that changed asks for a new one and says what changed', async () => {
    const fleet = await furnish(world.db, 3);
    const id = await world.plans.plan(ALL, 'ani', { ...wish(fleet.gabungan), settings: { waves: WAVES } });
    const { planHash } = await world.query.show(ALL, id);
    await new HoldsService(world.db).add(ALL, 'ani', { desa: fleet.codes[1]!, reason: 'pemilihan kepala desa' });
    await expect(world.plans.approve(ALL, 'budi', id, planHash)).rejects.toMatchObject({
      code: 'plan-changed',
      data: { held: 1, added: 0, desa: [fleet.codes[1]], changes: [`hold-changed (${fleet.codes[1]})`] },
    });
    await expect(world.plans.approve(ALL, 'budi', id, planHash)).rejects.toMatchObject({ code: 'plan-hash-differs' });
    const renewed = await world.query.show(ALL, id);
    expect(renewed).toMatchObject({ state: 'draft', desa: [{}, {}] });
    await world.plans.approve(ALL, 'budi', id, renewed.planHash);
    const [server] = await world.db.query('SELECT server_id AS id FROM installation WHERE gabungan_id = $1', [
      fleet.gabunganId,
    ]);
    await addDesa(world.db, fleet, server.id, 50);
    await expect(world.plans.start(ALL, 'ani', id)).rejects.toMatchObject({ code: 'plan-changed' });
    expect(await world.query.show(ALL, id)).toMatchObject({ state: 'draft', approvedBy: null });
  });

  it('needs four eyes when the settings say so', async () => {
    const fleet = await furnish(world.db, 1);
    const id = await world.plans.plan(ALL, 'ani', { ...wish(fleet.gabungan), settings: { fourEyes: true } });
    const { planHash } = await world.query.show(ALL, id);
    await expect(world.plans.approve(ALL, 'ani', id, planHash)).rejects.toThrow(Forbidden);
    await world.plans.approve(ALL, 'budi', id, planHash);
    expect(await world.query.show(ALL, id)).toMatchObject({ state: 'approved', approvedBy: 'budi' });
  });

  it('is refused while another rollout of the gabungan is open, and when there is nothing to move', async () => {
    const fleet = await furnish(world.db, 2);
    const first = await begin(world, fleet);
    const second = await world.plans.plan(ALL, 'ani', wish(fleet.gabungan));
    const hash = async () => (await world.query.show(ALL, second)).planHash;
    await expect(world.plans.approve(ALL, 'budi', second, await hash())).rejects.toMatchObject({
      code: 'rollout-already-open',
      data: { rolloutId: first },
    });
    await settleAll(world, first);
    await expect(world.plans.approve(ALL, 'budi', second, await hash())).rejects.toMatchObject({
      code: 'plan-changed',
    });
    await expect(world.plans.approve(ALL, 'budi', second, await hash())).rejects.toMatchObject({
      code: 'rollout-empty',
    });
  });
});

describe('a release withdrawn', () => {
  it('pauses what runs, stops what has not begun, and is planned no more', async () => {
    const version = 'v2603.0.0';
    const [one, two] = [await furnish(world.db, 3), await furnish(world.db, 1)];
    await addRelease(world.db, version);
    const withdrawals = new WithdrawalsService(world.db);
    const plan = (gabungan: string) =>
      world.plans.plan(ALL, 'ani', { gabungan, app: 'opensid', version, settings: { waves: WAVES } });
    const [running, draft] = [await plan(one.gabungan), await plan(two.gabungan)];
    await world.plans.approve(ALL, 'budi', running, (await world.query.show(ALL, running)).planHash);
    await world.plans.start(ALL, 'ani', running);
    await world.ticks.tick(running);
    await withdrawals.withdraw(ALL, 'admin', { app: 'opensid', version }, 'merusak halaman depan');
    const paused = await settleAll(world, running);
    expect(paused).toMatchObject({ state: 'paused', problem: { data: { why: 'merusak halaman depan' } } });
    expect(await runsOf(running)).toEqual([]);
    expect(await world.query.show(ALL, draft)).toMatchObject({ state: 'stopped' });
    await expect(world.rollouts.resume(ALL, 'ani', running)).rejects.toMatchObject({ code: 'release-withdrawn' });
    const later = await plan(two.gabungan);
    const { planHash, plan: planned } = await world.query.show(ALL, later);
    expect(planned.problems).toMatchObject([{ code: 'release-withdrawn' }]);
    await expect(world.plans.approve(ALL, 'budi', later, planHash)).rejects.toMatchObject({
      code: 'release-withdrawn',
    });
    await expect(
      withdrawals.withdraw({ kabupatenIds: [one.kabupatenId] }, 'x', { app: 'opensid', version: NEW }, 'tidak suka'),
    ).rejects.toThrow(Forbidden);
  });
});

import type { Policy } from '#libs/contract/rollouts.js';
import { policy } from '#libs/contract/rollouts.js';
import { NotFound } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import { ClockService } from '#libs/rollouts/clock.service.js';
import { PoliciesService } from '#libs/rollouts/policies.service.js';
import { Preparing } from '#libs/rollouts/preparing.js';
import { RunsService } from '#libs/runs/runs.service.js';
import { ALL, counts, furnish, NEW, openRolloutWorld, type Fleet, type RolloutWorld } from './rollout-world.js';

const HOUR = 3_600_000;
/** Small steps around the night, 22:00-04:00 WIB = 15:00-21:00 UTC; large ones by day. */
const stepAt = (time: Date): number => (time.getUTCHours() >= 14 && time.getUTCHours() < 22 ? HOUR / 2 : 2 * HOUR);
let now = new Date();
let looked = 0;
let world: RolloutWorld;
beforeAll(async () => {
  world = await openRolloutWorld(() => now);
}, 120_000);
afterAll(() => world?.close());

/** A new one at every step: a worker that was restarted remembers nothing but the rows. */
function newClock(look: () => Promise<void> = async () => void (looked += 1)): ClockService {
  const { db, plans, rollouts } = world;
  const preparing = new Preparing(db, new RunsService(db, { ring: async () => {} }), plans, look);
  return new ClockService(db, { plans, rollouts, preparing }, { now: () => now, sleep: async () => {} });
}

async function step(): Promise<void> {
  await Promise.all([newClock().tick(), newClock().tick()]);
  await world.ticks.sweep();
  await world.worker.work();
  await world.ticks.sweep();
}

async function walk(days: number): Promise<void> {
  const end = now.getTime() + days * 24 * HOUR;
  while (now.getTime() < end) {
    now = new Date(now.getTime() + stepAt(now));
    await step();
  }
}

async function rule(fleet: Fleet, rules: Partial<Policy>): Promise<void> {
  await world.db.query('UPDATE policy SET rules = rules || $1', [JSON.stringify({ isOn: false })]);
  const wanted = policy.parse({ isOn: true, daysOut: 3, needsYes: false, ...rules });
  await new PoliciesService(world.db).set(ALL, 'ani', { code: fleet.kabupaten, app: 'opensid' }, wanted);
}

const notesOf = async (fleet: Fleet): Promise<string[]> =>
  (await new PoliciesService(world.db).show(ALL, fleet.kabupaten, 'opensid')).notes.map(({ code }) => code);
const lastRollout = async (fleet: Fleet) => {
  const { items } = await world.query.list(ALL, { gabungan: fleet.gabungan });
  return items[0] && world.query.show(ALL, items[0].id);
};
const at = (time: string): void => void (now = new Date(time));
const published = (time: string): Promise<unknown> =>
  world.db.query(`UPDATE release SET state = 'added', created_at = $2 WHERE version = $1`, [NEW, time]);

describe('the clock', () => {
  it('prepares outside the window, rolls inside it, goes on the next night and tells why it waits', async () => {
    const fleet = await furnish(world.db, 24);
    await rule(fleet, { settings: { waves: [{ count: 1 }, { percent: 100 }], perServer: 1, deadlineSeconds: 7200 } });
    await published('2026-03-01T00:00:00Z');
    // Monday, 07:00 WIB; the release is old enough on Wednesday.
    at('2026-03-02T00:00:00Z');
    await walk(5);

    const whole = (await lastRollout(fleet))!;
    expect([whole.state, counts(whole), whole.askedBy, whole.approvedBy]).toEqual([
      'finished',
      { done: 24 },
      'clock',
      'clock',
    ]);
    const runs = (await world.db.query(
      `SELECT verb, created_at AS at FROM run WHERE kabupaten_id = $1 ORDER BY created_at`,
      [fleet.kabupatenId],
    )) as { verb: string; at: Date }[];
    const of = (...verbs: string[]) => runs.filter(({ verb }) => verbs.includes(verb));
    expect([of('build').length, of('rehearse').length, of('update').length]).toEqual([1, 1, 24]);
    const wall = (date: Date): Date => new Date(date.getTime() + 7 * HOUR);
    for (const { at: asked } of of('backup', 'migrate', 'update')) {
      const isNight = wall(asked).getUTCHours() >= 22 || wall(asked).getUTCHours() < 4;
      // The night belongs to the day on which it begins.
      const day = new Date(wall(asked).getTime() - 4 * HOUR).getUTCDay();
      expect([asked.toISOString(), isNight, day >= 1 && day <= 4]).toEqual([asked.toISOString(), true, true]);
    }
    const nights = new Set(
      of('update').map(({ at: asked }) => wall(new Date(asked.getTime() - 4 * HOUR)).getUTCDate()),
    );
    expect(nights.size).toBeGreaterThan(1);
    expect(of('rehearse')[0]!.at.getTime()).toBeLessThan(of('update')[0]!.at.getTime());

    const notes = await notesOf(fleet);
    const told = ['too-young', 'clock-prepares', 'outside-window', 'clock-opened', 'clock-goes-on', 'already-rolled'];
    expect(told.filter((code) => !notes.includes(code))).toEqual([]);
    expect(notes.length).toBeLessThan(20);
  }, 120_000);

  it('lays a rollout before a person when the policy wants a yes, and begins it in the next window', async () => {
    const fleet = await furnish(world.db, 3);
    await rule(fleet, { needsYes: true, daysOut: 0, settings: { deadlineSeconds: 7200 } });
    at('2026-04-06T00:00:00Z');
    await walk(1);
    const draft = (await lastRollout(fleet))!;
    expect([draft.state, draft.rehearsal?.verdict, (await notesOf(fleet))[0]]).toEqual([
      'draft',
      'rolling',
      'waits-for-yes',
    ]);
    expect(counts(draft)).toEqual({ waiting: 3 });
    await world.plans.approve(ALL, 'budi', draft.id, draft.planHash);
    await walk(1);
    const whole = (await lastRollout(fleet))!;
    expect([whole.state, counts(whole), whole.approvedBy]).toEqual(['finished', { done: 3 }, 'budi']);
    expect(whole.runs.filter(({ verb }) => verb === 'rehearse')).toHaveLength(1);
  }, 120_000);

  it('is never the second pair of a policy’s four eyes, also when no yes is wanted', async () => {
    const fleet = await furnish(world.db, 2);
    await rule(fleet, { needsYes: false, daysOut: 0, settings: { deadlineSeconds: 7200, fourEyes: true } });
    at('2026-04-13T00:00:00Z');
    await walk(2);
    const draft = (await lastRollout(fleet))!;
    expect([draft.state, draft.askedBy, (await notesOf(fleet))[0]]).toEqual(['draft', 'clock', 'waits-for-yes']);
    const alone = world.plans.approve(ALL, draft.askedBy, draft.id, draft.planHash);
    await expect(alone).rejects.toMatchObject({ code: 'four-eyes' });
    await world.plans.approve(ALL, 'budi', draft.id, draft.planHash);
    await walk(1);
    const whole = (await lastRollout(fleet))!;
    expect([whole.state, whole.askedBy, whole.approvedBy]).toEqual(['finished', 'clock', 'budi']);
  }, 120_000);

  it('does nothing while it is off, and in a month to skip says so', async () => {
    const fleet = await furnish(world.db, 2);
    await rule(fleet, { isOn: false });
    at('2026-05-04T00:00:00Z');
    await walk(1);
    expect([await lastRollout(fleet), await notesOf(fleet)]).toEqual([undefined, []]);
    await rule(fleet, { skipMonths: ['2026-05'] });
    await walk(1);
    expect([await lastRollout(fleet), (await notesOf(fleet))[0]]).toEqual([undefined, 'month-skipped']);
  }, 120_000);

  it('looks for releases once an hour, and tells when the source does not answer', async () => {
    const fleet = await furnish(world.db, 1);
    await rule(fleet, { skipMonths: ['2026-06'] });
    at('2026-06-01T00:00:00Z');
    looked = 0;
    const clock = newClock();
    for (let minutes = 0; minutes < 150; minutes += 10) {
      await clock.tick();
      now = new Date(now.getTime() + 10 * 60_000);
    }
    expect(looked).toBe(3);
    await newClock(() => Promise.reject(new NotFound('github-tag-unknown', { repository: 'r', tag: 'latest' }))).tick();
    expect(await notesOf(fleet)).toContain('github-tag-unknown');
  });
});

describe('a policy', () => {
  it('is off until somebody sets it, names only desa of its kabupaten, and is nobody else’s', async () => {
    const fleet = await furnish(world.db, 1);
    const policies = new PoliciesService(world.db);
    expect((await policies.show(ALL, fleet.kabupaten, 'opensid')).rules.isOn).toBe(false);
    await expect(rule(fleet, { canary: ['3303012001'] })).rejects.toMatchObject({ code: 'desa-unknown' });
    const neighbour = { kabupatenIds: [newId()] };
    await expect(policies.show(neighbour, fleet.kabupaten, 'opensid')).rejects.toThrow(NotFound);
    await rule(fleet, { canary: fleet.codes });
    const [{ count }] = await world.db.query(
      `SELECT count(*)::int AS count FROM audit WHERE action = 'policy.set' AND kabupaten_id = $1`,
      [fleet.kabupatenId],
    );
    expect(count).toBe(1);
  });
});

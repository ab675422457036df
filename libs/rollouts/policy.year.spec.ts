import fc from 'fast-check';
import { PROBLEMS } from '#libs/contract/problems.js';
import { policy, type Policy } from '#libs/contract/rollouts.js';
import { decideClock, type ClockAnswer, type ClockFacts, type ClockRelease, type ClockRollout } from './policy.js';
import { HOURS_AHEAD, type Zone } from './window.js';

const HOUR = 3_600_000;
/** A leap year, with an hour of its neighbours at each end. */
const BEGIN = Date.UTC(2027, 11, 31, 23);
const HOURS = (366 + 1) * 24;
const two = (number: number): string => String(number).padStart(2, '0');
const version = (month: number, minor: number): string => `v28${two(month)}.${minor}.0`;
const monthOf = (text: string): string => text.slice(0, 5);

interface Year {
  rules: Policy;
  zones: Zone[];
  releases: { month: number; minor: number; at: number; prepareHours: number }[];
  /** Hours a person takes to say yes, and a rollout to end. */
  yesHours: number;
  rollHours: number;
  predictedSeconds: number;
  /** The clock is away for this many hours every so many. */
  away: { every: number; hours: number };
}

const hourText = fc
  .integer({ min: 0, max: 47 })
  .map((half) => `${two(Math.floor(half / 2))}:${half % 2 ? '30' : '00'}`);
const months = fc.integer({ min: 1, max: 12 });
const rules = fc
  .record({
    daysOut: fc.integer({ min: 0, max: 40 }),
    window: fc.record({ from: hourText, to: hourText, days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }) }),
    needsYes: fc.boolean(),
    skipMonths: fc.uniqueArray(
      months.map((month) => `2028-${two(month)}`),
      { maxLength: 4 },
    ),
  })
  .map((drawn) => policy.parse({ isOn: true, ...drawn }));
const year: fc.Arbitrary<Year> = fc.record({
  rules,
  zones: fc.subarray<Zone>(['WIB', 'WITA', 'WIT'], { minLength: 1 }),
  releases: fc.uniqueArray(
    fc.record({
      month: months,
      minor: fc.integer({ min: 0, max: 2 }),
      at: fc.integer({ min: 0, max: 40 * 24 }),
      prepareHours: fc.integer({ min: 1, max: 50 }),
    }),
    { minLength: 6, maxLength: 14, selector: ({ month, minor }) => version(month, minor) },
  ),
  yesHours: fc.integer({ min: 1, max: 200 }),
  rollHours: fc.integer({ min: 1, max: 60 }),
  predictedSeconds: fc.integer({ min: 0, max: 4 * 3600 }),
  away: fc.record({ every: fc.integer({ min: 24, max: 400 }), hours: fc.integer({ min: 0, max: 20 }) }),
});

/** From the clock on the wall of one zone. */
function isOpenOnTheWall({ window }: Policy, zone: Zone, at: number): boolean {
  const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const local = new Date(at + HOURS_AHEAD[zone] * HOUR);
  const [day, time] = [local.getUTCDay() || 7, local.getUTCHours() * 60 + local.getUTCMinutes()];
  const [start, end] = [minutes(window.from), minutes(window.to)];
  const yesterday = day === 1 ? 7 : day - 1;
  if (start < end) return window.days.includes(day) && time >= start && time < end;
  return (window.days.includes(day) && time >= start) || (window.days.includes(yesterday) && time < end);
}

/** The world that the clock looks at once an hour. */
class World {
  readonly rollouts: (ClockRollout & { bornAt: number; begunAt: number })[] = [];
  readonly preparedAt = new Map<string, number>();
  running = 'v2711.0.0';
  constructor(readonly plan: Year) {}

  releases(now: number): ClockRelease[] {
    return this.plan.releases.flatMap(({ month, minor, at, prepareHours }) => {
      const foundAt = Date.UTC(2028, month - 1, 1) + at * HOUR;
      const asked = this.preparedAt.get(version(month, minor));
      const isPrepared = asked !== undefined && now >= asked + prepareHours * HOUR;
      const isWithdrawn = false;
      return foundAt <= now
        ? [
            {
              version: version(month, minor),
              edition: 'umum' as const,
              foundAt: new Date(foundAt),
              isWithdrawn,
              isPrepared,
            },
          ]
        : [];
    });
  }

  facts(now: number): ClockFacts {
    const { rules: policyRules, zones, predictedSeconds } = this.plan;
    return {
      rules: policyRules,
      gabungan: 'g',
      running: this.running,
      zones,
      releases: this.releases(now),
      rollouts: this.rollouts,
      predictedSeconds,
    };
  }

  /** Persons say yes, rollouts end or meet the end of their window. */
  live(now: number): void {
    for (const rollout of this.rollouts) {
      if (rollout.state === 'draft' && now >= rollout.bornAt + this.plan.yesHours * HOUR) {
        const isOther = this.rollouts.some(
          ({ state }) => state === 'approved' || state === 'running' || state === 'paused',
        );
        if (!isOther) rollout.state = 'approved';
      }
      if (rollout.state !== 'running') continue;
      const isOver = now >= rollout.bornAt + this.plan.rollHours * HOUR;
      const isOpen = this.plan.zones.every((zone) => isOpenOnTheWall(this.plan.rules, zone, now));
      if (isOver) [rollout.state, this.running] = ['finished', rollout.version];
      else if (!isOpen) [rollout.state, rollout.reason] = ['paused', { code: 'window-closes', data: {} }];
    }
  }

  apply(answer: ClockAnswer, now: number): void {
    if (answer.do === 'prepare' && !this.preparedAt.has(answer.version)) this.preparedAt.set(answer.version, now);
    if (answer.do === 'go-on') {
      const rollout = this.rollouts.find(({ id }) => id === answer.rolloutId)!;
      [rollout.state, rollout.reason, rollout.begunAt] = ['running', null, now];
    }
    if (answer.do === 'open-rollout') {
      const state = answer.needsYes ? 'draft' : 'running';
      const id = `${this.rollouts.length}`;
      this.rollouts.push({
        id,
        version: answer.version,
        state,
        reason: null,
        isByClock: true,
        bornAt: now,
        begunAt: now,
      });
    }
  }
}

/** Cheaper than `expect` by far: it is asked some hundred thousand times. */
function must(holds: boolean, words: string, now: number): void {
  if (!holds) throw new Error(`${words} at ${new Date(now).toISOString()}`);
}

function assertAllowed(world: World, answer: ClockAnswer, now: number): void {
  const { rules: policyRules, zones, predictedSeconds } = world.plan;
  if (answer.do === 'nothing') return must(answer.why.code in PROBLEMS, `no words for ${answer.why.code}`, now);
  const walls = zones.map((zone) => new Date(now + HOURS_AHEAD[zone] * HOUR).toISOString().slice(0, 7));
  must(!walls.some((month) => policyRules.skipMonths.includes(month)), 'acted in a skipped month', now);
  if (answer.do === 'prepare') return;
  const isOpen = (at: number): boolean => zones.every((zone) => isOpenOnTheWall(policyRules, zone, at));
  const end = now + predictedSeconds * 1000;
  must(isOpen(now), 'acted outside the window', now);
  must(isOpen(Math.max(now, end - 1)), 'predicted to end outside the window', now);
  must(
    answer.windowEndsAt.getTime() >= end && isOpen(answer.windowEndsAt.getTime() - 1),
    'wrong end of the window',
    now,
  );
  if (answer.do === 'open-rollout') assertRelease(world, answer.version, now);
}

function assertRelease(world: World, wanted: string, now: number): void {
  const begun = world.rollouts.filter(({ state }) => state !== 'draft');
  must(!begun.some((one) => monthOf(one.version) === monthOf(wanted)), 'rolled a month twice', now);
  must(
    begun.every(({ state }) => state === 'finished'),
    'opened a second rollout',
    now,
  );
  must(!world.rollouts.some((one) => one.version === wanted), 'opened a release twice', now);
  must(!world.plan.rules.skipMonths.includes(`2028-${wanted.slice(3, 5)}`), 'rolled a skipped month', now);
  const found = world.releases(now).find((one) => one.version === wanted)!;
  must(found.isPrepared, 'opened what was not prepared', now);
  must(now - found.foundAt.getTime() >= world.plan.rules.daysOut * 24 * HOUR, 'opened a release too young', now);
}

/** One look of the clock. After an act it looks again at once, as when it was killed and started anew. */
function look(world: World, now: number, codes: Set<string>): void {
  for (let again = 0; again < 2; again += 1) {
    const answer = decideClock(world.facts(now), new Date(now));
    codes.add(answer.do === 'nothing' ? answer.why.code : answer.do);
    assertAllowed(world, answer, now);
    if (answer.do === 'nothing') return;
    world.apply(answer, now);
  }
}

/** Every hour of the year, but for those in which the clock is away. */
function live(plan: Year): { world: World; codes: Set<string> } {
  const world = new World(plan);
  const codes = new Set<string>();
  for (let hour = 0; hour < HOURS; hour += 1) {
    const now = BEGIN + hour * HOUR;
    world.live(now);
    if (hour % plan.away.every >= plan.away.hours) look(world, now, codes);
  }
  return { world, codes };
}

const months12 = Array.from({ length: 12 }, (_, index) => index + 1);
const quiet = (change: Partial<Policy>, more: Partial<Year> = {}): Year => ({
  rules: policy.parse({ isOn: true, needsYes: false, ...change }),
  zones: ['WIB'],
  releases: months12.map((month) => ({ month, minor: 0, at: 8, prepareHours: 3 })),
  yesHours: 10,
  rollHours: 2,
  predictedSeconds: 3600,
  away: { every: 100, hours: 0 },
  ...more,
});
const rolled = (plan: Year): string[] =>
  live(plan)
    .world.rollouts.filter(({ state }) => state === 'finished')
    .map((one) => one.version);

/** A whole year on a busy machine. */
const SLOWEST = 60_000;

describe('a year of the clock', () => {
  it(
    'never acts outside a window, in a skipped month, twice for a month or without a reason',
    () => {
      fc.assert(
        fc.property(year, (plan) => void live(plan)),
        { numRuns: 3, endOnFailure: true },
      );
    },
    SLOWEST,
  );

  it(
    'rolls every month once when nothing stands in the way',
    () => expect(rolled(quiet({}))).toEqual(months12.map((month) => version(month, 0))),
    SLOWEST,
  );

  it(
    'rolls every month once when a person says yes to each, in three zones, away now and then',
    () =>
      expect(
        rolled(quiet({ needsYes: true }, { zones: ['WIB', 'WITA', 'WIT'], away: { every: 60, hours: 12 } })),
      ).toEqual(months12.map((month) => version(month, 0))),
    SLOWEST,
  );

  it(
    'skips the months to skip',
    () =>
      expect(rolled(quiet({ skipMonths: ['2028-02', '2028-12'] }))).toEqual(
        months12.filter((month) => month !== 2 && month !== 12).map((month) => version(month, 0)),
      ),
    SLOWEST,
  );

  it(
    'takes a rollout that is longer than a night over several',
    () => {
      const plan = quiet({}, { rollHours: 60 });
      const { world, codes } = live(plan);
      expect([...codes]).toContain('go-on');
      expect(world.rollouts.filter(({ state }) => state === 'finished')).toHaveLength(12);
    },
    SLOWEST,
  );

  it(
    'opens no rollout that never fits into a night, and says so',
    () => {
      const { world, codes } = live(quiet({}, { predictedSeconds: 7 * 3600 }));
      expect(world.rollouts).toEqual([]);
      expect([...codes]).toContain('predicted-end-outside');
    },
    SLOWEST,
  );
});

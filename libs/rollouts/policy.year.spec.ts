import fc from 'fast-check';
import { PROBLEMS } from '#libs/contract/problems.js';
import { policy, type Policy } from '#libs/contract/rollouts.js';
import { decideClock, type ClockAnswer } from './policy.js';
import { HOURS_AHEAD } from './window.js';
import {
  HOUR,
  BEGIN,
  HOURS,
  version,
  monthOf,
  type Year,
  year,
  isOpenOnTheWall,
  World,
} from '#test/fakes/clock-year.js';

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

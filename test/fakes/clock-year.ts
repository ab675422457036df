import fc from 'fast-check';
import { policy, type Policy } from '#libs/contract/rollouts.js';
import { type ClockAnswer, type ClockFacts, type ClockRelease, type ClockRollout } from '#libs/rollouts/policy.js';
import { HOURS_AHEAD, type Zone } from '#libs/rollouts/window.js';

export const HOUR = 3_600_000;
/** A leap year, with an hour of its neighbours at each end. */
export const BEGIN = Date.UTC(2027, 11, 31, 23);
export const HOURS = (366 + 1) * 24;
const two = (number: number): string => String(number).padStart(2, '0');
export const version = (month: number, minor: number): string => `v28${two(month)}.${minor}.0`;
export const monthOf = (text: string): string => text.slice(0, 5);

export interface Year {
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
export const year: fc.Arbitrary<Year> = fc.record({
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
export function isOpenOnTheWall({ window }: Policy, zone: Zone, at: number): boolean {
  const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const local = new Date(at + HOURS_AHEAD[zone] * HOUR);
  const [day, time] = [local.getUTCDay() || 7, local.getUTCHours() * 60 + local.getUTCMinutes()];
  const [start, end] = [minutes(window.from), minutes(window.to)];
  const yesterday = day === 1 ? 7 : day - 1;
  if (start < end) return window.days.includes(day) && time >= start && time < end;
  return (window.days.includes(day) && time >= start) || (window.days.includes(yesterday) && time < end);
}

/** The world that the clock looks at once an hour. */
export class World {
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

import fc from 'fast-check';
import { HOURS_AHEAD, localTime, windowAt, type WindowRules, type Zone } from './window.js';

const NIGHTS: WindowRules = { from: '22:00', to: '04:00', days: [1, 2, 3, 4] };
/** 2026-02-09 is a Monday. */
const wib = (text: string): Date => new Date(`${text}:00+07:00`);
const at = (text: string, rules = NIGHTS, zones: Zone[] = ['WIB']) => {
  const { isOpen, opensAt, closesAt } = windowAt(rules, zones, wib(text));
  return { isOpen, until: (closesAt ?? opensAt)?.toISOString() ?? null };
};
const utc = (text: string): string => wib(text).toISOString();

describe('a window of nights, Monday to Thursday', () => {
  it.each([
    ['2026-02-09T00:00', false, '2026-02-09T22:00'],
    ['2026-02-09T21:59', false, '2026-02-09T22:00'],
    ['2026-02-09T22:00', true, '2026-02-10T04:00'],
    ['2026-02-10T00:00', true, '2026-02-10T04:00'],
    ['2026-02-10T03:59', true, '2026-02-10T04:00'],
    ['2026-02-10T04:00', false, '2026-02-10T22:00'],
    // the night of Thursday ends on Friday; Friday has none
    ['2026-02-13T03:59', true, '2026-02-13T04:00'],
    ['2026-02-13T22:00', false, '2026-02-16T22:00'],
    // over the end of a month and of a leap February
    ['2026-03-31T23:30', true, '2026-04-01T04:00'],
    ['2028-02-29T23:30', true, '2028-03-01T04:00'],
    ['2026-12-31T23:30', true, '2027-01-01T04:00'],
  ])('at %s WIB is open: %p, until %s', (now, isOpen, until) => expect(at(now)).toEqual({ isOpen, until: utc(until) }));
});

it('a window of one day may be six days away', () =>
  expect(at('2026-02-09T04:00', { from: '01:00', to: '03:00', days: [1] })).toEqual({
    isOpen: false,
    until: utc('2026-02-16T01:00'),
  }));

it('from and to the same is a whole day, and days that touch are one window', () =>
  expect(at('2026-02-09T12:00', { from: '08:00', to: '08:00', days: [1, 2] })).toEqual({
    isOpen: true,
    until: utc('2026-02-11T08:00'),
  }));

describe('the zone', () => {
  it.each<[Zone, string]>([
    ['WIB', '2026-02-09T15:00:00.000Z'],
    ['WITA', '2026-02-09T14:00:00.000Z'],
    ['WIT', '2026-02-09T13:00:00.000Z'],
  ])('%s opens at 22:00 of its own clock', (zone, opens) =>
    expect(windowAt(NIGHTS, zone, wib('2026-02-09T12:00')).opensAt?.toISOString()).toBe(opens),
  );

  it('of several, the window must hold in all', () => {
    const both: Zone[] = ['WIT', 'WIB'];
    expect(at('2026-02-09T21:00', NIGHTS, both)).toEqual({ isOpen: false, until: utc('2026-02-09T22:00') });
    expect(at('2026-02-09T22:00', NIGHTS, both)).toEqual({ isOpen: true, until: utc('2026-02-10T02:00') });
    expect(at('2026-02-10T02:00', NIGHTS, both)).toEqual({ isOpen: false, until: utc('2026-02-10T22:00') });
  });

  it('of several whose windows never meet, says so', () =>
    expect(at('2026-02-09T12:00', { from: '22:00', to: '23:00', days: [1] }, ['WIB', 'WIT'])).toEqual({
      isOpen: false,
      until: null,
    }));
});

/** Told from the clock on the wall, in another way than the product's. */
function isOpenOnTheWall({ from, to, days }: WindowRules, zone: Zone, now: Date): boolean {
  const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const local = localTime(now, zone);
  const day = local.getUTCDay() || 7;
  const time = local.getUTCHours() * 60 + local.getUTCMinutes();
  const [start, end] = [minutes(from), minutes(to)];
  if (start < end) return days.includes(day) && time >= start && time < end;
  const before = day === 1 ? 7 : day - 1;
  return (days.includes(day) && time >= start) || (days.includes(before) && time < end);
}

it('agrees with the clock on the wall at any time', () => {
  const time = fc.record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) });
  const clock = time.map(({ hour, minute }) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
  const rules = fc.record({ from: clock, to: clock, days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }) });
  const zones = fc.subarray(Object.keys(HOURS_AHEAD) as Zone[], { minLength: 1 });
  const moment = fc.date({ min: new Date('2025-12-25'), max: new Date('2029-01-05'), noInvalidDate: true });
  fc.assert(
    fc.property(rules, zones, moment, (window, places, now) => {
      const seen = windowAt(window, places, now);
      const open = (when: Date): boolean => places.every((zone) => isOpenOnTheWall(window, zone, when));
      expect(seen.isOpen).toBe(open(now));
      if (seen.opensAt) expect([open(seen.opensAt), open(new Date(seen.opensAt.getTime() - 1))]).toEqual([true, false]);
      if (seen.isOpen && window.days.length < 7)
        expect([open(seen.closesAt!), open(new Date(seen.closesAt!.getTime() - 1))]).toEqual([false, true]);
    }),
    { numRuns: 300 },
  );
});

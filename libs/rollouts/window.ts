import type { Policy } from '#libs/contract/rollouts.js';

export type Zone = 'WIB' | 'WITA' | 'WIT';
export type WindowRules = Policy['window'];

/** Hours ahead of UTC, the whole year: Indonesia has no summer time. */
export const HOURS_AHEAD: Readonly<Record<Zone, number>> = { WIB: 7, WITA: 8, WIT: 9 };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A week and the nights at its two ends: what opens at all opens within it. */
const DAYS_SEEN = 9;

/** Milliseconds since 1970, the end not included. */
type Span = readonly [from: number, to: number];
export interface WindowSeen {
  isOpen: boolean;
  /** Next opening; null while it is open, and when it never opens. */
  opensAt: Date | null;
  /** Null while it is closed. */
  closesAt: Date | null;
}

const sinceMidnight = (time: string): number => {
  const [hours, minutes] = time.split(':').map(Number) as [number, number];
  return hours * HOUR + minutes * 60_000;
};

/** The wall clock of a zone, as if it were UTC: its UTC parts are the local ones. */
export const localTime = (at: Date, zone: Zone): Date => new Date(at.getTime() + HOURS_AHEAD[zone] * HOUR);

/** 1 = Monday .. 7 = Sunday; 1970-01-01 was a Thursday. */
const weekday = (day: number): number => ((day + 3) % 7) + 1;

/** Windows that begin on the days around `now`. One over midnight belongs to the day it begins; from = to is a whole day. */
function spansOf(rules: WindowRules, zone: Zone, now: Date): Span[] {
  const [from, to] = [sinceMidnight(rules.from), sinceMidnight(rules.to)];
  const length = to > from ? to - from : to - from + DAY;
  const today = Math.floor(localTime(now, zone).getTime() / DAY);
  const days = Array.from({ length: DAYS_SEEN + 2 }, (_, index) => today - 2 + index);
  return days
    .filter((day) => rules.days.includes(weekday(day)))
    .map((day) => day * DAY + from - HOURS_AHEAD[zone] * HOUR)
    .map((start): Span => [start, start + length]);
}

/** Windows that touch are one. */
function joined(spans: readonly Span[]): Span[] {
  return spans.reduce<Span[]>((list, [from, to]) => {
    const last = list.at(-1);
    return last && from <= last[1] ? [...list.slice(0, -1), [last[0], Math.max(last[1], to)]] : [...list, [from, to]];
  }, []);
}

const both = (left: readonly Span[], right: readonly Span[]): Span[] =>
  left
    .flatMap(([from, to]) => right.map(([start, end]): Span => [Math.max(from, start), Math.min(to, end)]))
    .filter(([from, to]) => from < to)
    .sort(([one], [other]) => one - other);

/** When changes may happen. With several zones the window must hold in all of them. */
export function windowAt(rules: WindowRules, zones: Zone | readonly Zone[], now: Date): WindowSeen {
  const all = [...new Set(typeof zones === 'string' ? [zones] : zones)];
  const spans = all.map((zone) => joined(spansOf(rules, zone, now))).reduce(both);
  const at = now.getTime();
  const open = spans.find(([from, to]) => from <= at && at < to);
  if (open) return { isOpen: true, opensAt: null, closesAt: new Date(open[1]) };
  const next = spans.find(([from]) => from > at);
  return { isOpen: false, opensAt: next ? new Date(next[0]) : null, closesAt: null };
}

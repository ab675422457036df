import { startedAfterMilliseconds, type WaveTimes } from './wave-lag.js';

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
const times = (change: Partial<WaveTimes> = {}): WaveTimes => ({
  startedAt: at(100),
  lastResultAt: at(99),
  settledBeforeAt: at(99.5),
  releasedBeforeAt: null,
  resumedAt: null,
  ...change,
});
const free = { soakMinutes: 0, needsYes: false };

describe('how long a wave waited for nothing', () => {
  it.each<[string, Partial<WaveTimes>, { soakMinutes: number; needsYes: boolean }, number | null]>([
    ['from the last result of the wave before', {}, free, 1000],
    ['not for the first wave', { lastResultAt: null }, free, null],
    ['not before it has begun', { startedAt: null }, free, null],
    ['from a person’s yes', { releasedBeforeAt: at(99.8) }, { ...free, needsYes: true }, 200],
    ['from the end of the soak', { settledBeforeAt: at(39) }, { ...free, soakMinutes: 1 }, 1000],
    ['from a resume', { resumedAt: at(99.9) }, free, 100],
    ['and a resume after it began does not count', { resumedAt: at(500) }, free, 1000],
    ['nor a yes that nobody had to give', { releasedBeforeAt: at(99.9) }, free, 1000],
  ])('%s', (_, change, settings, milliseconds) =>
    expect(startedAfterMilliseconds(times(change), settings)).toBe(milliseconds),
  );
});

import { wantedOf } from '#test/factories/looks.js';
import { daysLeft, withSample } from './disk-trend.js';
import { turnsOf } from './turns.js';

describe('the turn of pages', () => {
  it('asks every desa once in ten looks, the longest unasked first', () => {
    let { sites } = wantedOf({ desa: 300, runtimes: 1 });
    const asked = new Set<string>();
    for (let look = 1; look <= 10; look += 1) {
      const due = turnsOf(sites, () => false);
      expect(due.length).toBe(30);
      due.forEach(({ installationId }) => asked.add(installationId));
      const now = new Date(look);
      sites = sites.map((site) =>
        due.some((one) => one.installationId === site.installationId) ? { ...site, askedAt: now } : site,
      );
    }
    expect(asked.size).toBe(300);
  });

  it('asks suspects in every look beside them, at most twenty, and nobody who is being changed', () => {
    const { sites } = wantedOf({ desa: 100, runtimes: 1 });
    const some = sites.map((site, at) => ({ ...site, askedAt: new Date(at), isBusy: at === 99 }));
    const due = turnsOf(some, ({ installationId }) => Number(installationId.slice(1)) >= 50);
    expect(due.length).toBe(30);
    expect(due.some(({ isBusy }) => isBusy)).toBe(false);
  });
});

describe('the trend of a disk', () => {
  const DAY = 86_400_000;
  const shrinking = (days: number, perDay: number) =>
    Array.from({ length: days * 24 }, (_, hour) => ({ at: (hour * DAY) / 24, freeBytes: 1000 - (hour * perDay) / 24 }));

  it('tells the days until it is full', () => {
    const samples = shrinking(5, 100);
    expect(daysLeft(samples, samples.at(-1)!.freeBytes)).toBeCloseTo(5, 0);
  });

  it('tells nothing of one night, of a disk that does not shrink, of no samples', () => {
    expect(daysLeft(shrinking(1, 500), 500)).toBeNull();
    expect(daysLeft(shrinking(5, 0), 1000)).toBeNull();
    expect(daysLeft(shrinking(5, -10), 1000)).toBeNull();
    expect(daysLeft([], 1000)).toBeNull();
  });

  it('keeps one sample an hour, of seven days', () => {
    let kept: { at: number; freeBytes: number }[] = [];
    for (let minute = 0; minute < 9 * 24 * 60; minute += 1)
      kept = withSample(kept, { at: minute * 60_000, freeBytes: 1 });
    expect(kept.length).toBeLessThanOrEqual(7 * 24 + 1);
    expect(kept.at(-1)!.at - kept[0]!.at).toBeLessThanOrEqual(7 * DAY);
  });
});

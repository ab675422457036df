import { nextMonths } from './months.js';

describe('months that can be skipped', () => {
  it('are this one and those after it over the end of a year, with those chosen before', () => {
    const months = nextMonths(new Date('2026-11-30T23:00:00Z'), ['2026-05', '2026-12']);
    expect(months).toHaveLength(13);
    expect(months.slice(0, 4)).toEqual(['2026-05', '2026-11', '2026-12', '2027-01']);
  });
});

import { lastDayOf } from './subscription.js';

describe('the end of a subscription', () => {
  it.each([
    ['2026-03', '2026-03-31'],
    ['2024-02', '2024-02-29'],
    ['2026-12', '2026-12-31'],
    ['2026-03-15', '2026-03-15'],
  ])('%s is %s', (end, day) => expect(lastDayOf(end)).toBe(day));
});

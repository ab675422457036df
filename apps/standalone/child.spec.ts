import { pauseAfter } from './child.js';

describe('a supervised program', () => {
  it('is started again soon, then ever later, never later than half a minute', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map(pauseAfter)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });
});

import { allowed, isBeyond, type WaveCounts } from './stop-rule.js';

const counts = (failed: number, of: number): WaveCounts => ({
  ...{ waiting: 0, running: 0, already: 0, held: 0 },
  failed,
  done: of - failed,
  of,
});

describe('the stop rule', () => {
  it.each([
    ['failures alone: the share is not judged', { failures: 3 }, 3, 4, false],
    ['failures alone: one more stops', { failures: 3 }, 4, 400, true],
    ['a share alone: the number is not judged', { percent: 10 }, 10, 100, false],
    ['a share alone: one more stops', { percent: 10 }, 11, 100, true],
    ['both: the number stops', { failures: 2, percent: 100 }, 3, 100, true],
    ['both: the share stops', { failures: 50, percent: 1 }, 2, 100, true],
    ['both: neither stops', { failures: 2, percent: 50 }, 2, 4, false],
    ['a share of 0 stops at the first failure, however many are allowed', { failures: 3, percent: 0 }, 1, 100, true],
    ['nothing said: the first failure stops', {}, 1, 100, true],
    ['nothing said: no failure does not', {}, 0, 100, false],
  ])('%s', (_, rule, failed, of, stops) => expect(isBeyond(counts(failed, of), rule)).toBe(stops));

  it.each([
    [{ failures: 3 }, ['3 desa']],
    [{ percent: 10 }, ['10 %']],
    [{ failures: 3, percent: 10 }, ['3 desa', '10 %']],
    [{}, ['0 desa']],
  ])('%j is told as %j', (rule, words) => expect(allowed(rule)).toEqual(words));
});

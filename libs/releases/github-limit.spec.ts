import { limitOf } from './github-limit.js';

const NOW = Date.parse('2026-03-01T00:00:00Z');
const problemOf = (status: number, headers: Record<string, string>, text = ''): unknown =>
  limitOf({ status, headers: new Headers(headers), text }, NOW);
const until = (moment: string): unknown =>
  expect.objectContaining({ code: 'github-rate-limited', data: { until: moment } });

describe('a limit of GitHub', () => {
  it.each([
    [
      'the reset of the hour',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1772326800' },
      '2026-03-01T01:00:00.000Z',
    ],
    ['seconds to wait', { 'retry-after': '90' }, '2026-03-01T00:01:30.000Z'],
    ['a date to wait for', { 'retry-after': 'Sun, 01 Mar 2026 02:00:00 GMT' }, '2026-03-01T02:00:00.000Z'],
    ['both: the wait counts', { 'retry-after': '90', 'x-ratelimit-reset': '1772326800' }, '2026-03-01T00:01:30.000Z'],
  ])('ends as told by %s', (_by, headers, moment) => expect(problemOf(403, headers)).toEqual(until(moment)));

  it.each([
    ['no word', { 'x-ratelimit-remaining': '0' }],
    ['nothing', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '' }],
    ['zero', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '0' }],
    ['nonsense', { 'retry-after': 'soon', 'x-ratelimit-reset': '1e99' }],
  ])('with %s about its end names no moment at all', (_word, headers) =>
    expect(problemOf(403, headers)).toMatchObject({ code: 'github-rate-limited-unsaid', data: {} }),
  );

  it('is known by its status or its text alone', () => {
    expect(problemOf(429, {})).toMatchObject({ code: 'github-rate-limited-unsaid' });
    expect(problemOf(403, {}, '{"message":"You have exceeded a secondary rate limit."}')).toMatchObject({
      code: 'github-rate-limited-unsaid',
    });
  });

  it.each([
    [403, { 'x-ratelimit-remaining': '12', 'x-ratelimit-reset': '1772326800' }, 'Resource not accessible'],
    [200, { 'x-ratelimit-remaining': '0' }, ''],
    [404, { 'retry-after': '5' }, 'rate limit'],
  ])('is not seen in an answer %s with %j', (status, headers, text) =>
    expect(problemOf(status, headers as Record<string, string>, text)).toBeUndefined(),
  );
});

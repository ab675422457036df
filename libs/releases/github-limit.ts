import { TooMany } from '#libs/core/errors.js';

/** What of an answer tells that GitHub limits us. */
export interface LimitSigns {
  status: number;
  headers: Headers;
  text: string;
}

/** The problem when GitHub limits the requests, undefined when it does not. It may not say for how long. */
export function limitOf({ status, headers, text }: LimitSigns, now: number): TooMany | undefined {
  const isLimit =
    status === 429 ||
    (status === 403 &&
      (headers.get('x-ratelimit-remaining') === '0' || headers.has('retry-after') || /rate limit/i.test(text)));
  if (!isLimit) return undefined;
  const until = untilOf(headers, now);
  return until ? new TooMany('github-rate-limited', { until }) : new TooMany('github-rate-limited-unsaid');
}

/** `retry-after` is seconds or a date, `x-ratelimit-reset` seconds since 1970 (GitHub REST API, rate limits). */
function untilOf(headers: Headers, now: number): string | undefined {
  const after = headers.get('retry-after');
  if (after && /^\d{1,9}$/.test(after)) return new Date(now + Number(after) * 1000).toISOString();
  if (after && !Number.isNaN(Date.parse(after))) return new Date(after).toISOString();
  const reset = headers.get('x-ratelimit-reset');
  return reset && /^[1-9]\d{0,10}$/.test(reset) ? new Date(Number(reset) * 1000).toISOString() : undefined;
}

/** Free space as it was seen, one sample an hour. */
export interface DiskSample {
  /** Milliseconds since 1970. */
  at: number;
  freeBytes: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const KEPT = 7 * DAY;
/** A backup of one night is no trend. */
const LEAST = 2 * DAY;

/** The samples that are kept, with this one when the last is an hour old. */
export function withSample(samples: DiskSample[], now: DiskSample): DiskSample[] {
  const kept = samples.filter(({ at }) => now.at - at <= KEPT && at <= now.at);
  const last = kept.at(-1);
  return last && now.at - last.at < HOUR ? kept : [...kept, now];
}

/** Days until nothing is free, by the straight line through the samples; null when it does not shrink or too little was seen. */
export function daysLeft(samples: DiskSample[], freeBytes: number): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.at - first.at < LEAST) return null;
  const middle = (of: (sample: DiskSample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [at, free] = [middle((sample) => sample.at), middle((sample) => sample.freeBytes)];
  const spread = middle((sample) => (sample.at - at) ** 2);
  const slope = middle((sample) => (sample.at - at) * (sample.freeBytes - free)) / spread;
  return slope < 0 ? freeBytes / -slope / DAY : null;
}

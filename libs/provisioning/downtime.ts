/** A move that ended well, as it was measured. */
export interface PastMove {
  totalBytes: number;
  bulkBytes: number;
  bulkSeconds: number;
  restBytes: number;
  downtimeSeconds: number;
}

const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Bytes a second between servers, by what was copied while desa served; undefined when nothing was. */
function rateOf(past: readonly PastMove[]): number | undefined {
  const [bytes, seconds] = [
    sum(past.map(({ bulkBytes }) => bulkBytes)),
    sum(past.map(({ bulkSeconds }) => bulkSeconds)),
  ];
  return bytes > 0 && seconds > 0 ? bytes / seconds : undefined;
}

/** Seconds for so many bytes, by this fleet's own moves; null when there are none. */
export function copySeconds(past: readonly PastMove[], bytes: number): number | null {
  const rate = rateOf(past);
  return rate === undefined ? null : bytes / rate;
}

/**
 * Seconds under the maintenance page: the share of a folder that changes while it is copied, at the rate that was
 * measured, and what the moves took beside that; null when this fleet has no history.
 */
export function predictDowntime(past: readonly PastMove[], totalBytes: number): number | null {
  const rate = rateOf(past);
  if (rate === undefined) return null;
  const total = sum(past.map((one) => one.totalBytes));
  const share = total > 0 ? sum(past.map(({ restBytes }) => restBytes)) / total : 0;
  const beside = past.map(({ downtimeSeconds, restBytes }) => Math.max(0, downtimeSeconds - restBytes / rate));
  return median(beside) + (totalBytes * share) / rate;
}

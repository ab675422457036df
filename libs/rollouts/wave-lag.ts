/** When a wave could have begun and when it did, as the rows stand; ISO 8601. */
export interface WaveTimes {
  startedAt: string | null;
  /** Last end of a run of the wave before that this one waited for. */
  lastResultAt: string | null;
  /** When the wave before was settled, and a person's yes for its gate. */
  settledBeforeAt: string | null;
  releasedBeforeAt: string | null;
  resumedAt: string | null;
}

const MINUTE = 60_000;

/**
 * Milliseconds from the moment nothing held this wave back any more to its start: the last result of the wave before,
 * the end of its soak, a person's yes, or a resume. Null for the first wave and for one that has not begun.
 */
export function startedAfterMilliseconds(
  times: WaveTimes,
  { soakMinutes, needsYes }: { soakMinutes: number; needsYes: boolean },
): number | null {
  const started = millisecondsOf(times.startedAt);
  const result = millisecondsOf(times.lastResultAt);
  if (started === null || result === null) return null;
  const settled = millisecondsOf(times.settledBeforeAt);
  const soaked = soakMinutes > 0 && settled !== null ? settled + soakMinutes * MINUTE : null;
  const released = needsYes ? millisecondsOf(times.releasedBeforeAt) : null;
  const held = [result, soaked, released, millisecondsOf(times.resumedAt)];
  // What came after the start did not hold it back.
  return started - Math.max(...held.filter((at): at is number => at !== null && at <= started));
}

const millisecondsOf = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso));

/** Why a server is away: a code of `problems-of-*.ts` with its data. */
export interface AwayReason {
  code: string;
  data: Record<string, unknown>;
}

/**
 * What all workers, the console and the CLI know of the way to a server. `closed`: work goes there. `open`: work for it
 * waits. `probing`: one worker asks it, everybody else still waits.
 */
export interface Circuit {
  state: 'closed' | 'open' | 'probing';
  /** In a row. */
  failures: number;
  /** Since when it did not answer; ISO 8601. */
  since: string | null;
  /** When it is asked next; while probing, until when the answer is waited for. */
  nextAt: string | null;
  reason: AwayReason | null;
}

export const CLOSED: Circuit = { state: 'closed', failures: 0, since: null, nextAt: null, reason: null };

/** One failure may be a broken connection: the next try tells. */
export const OPENS_AFTER = 2;
export const FIRST_PAUSE_SECONDS = 5;
export const LONGEST_PAUSE_SECONDS = 120;
/** Longer than the longest look: a worker that died while it asked holds the server no longer than this. */
export const PROBE_SECONDS = 60;

const after = (now: Date, seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString();

/** Doubles from the first pause to the longest; `random` (0 to 1) takes away up to a half, so that workers do not come at once. */
export function pauseSeconds(failures: number, random: number): number {
  const doubled = FIRST_PAUSE_SECONDS * 2 ** Math.max(0, Math.min(failures - OPENS_AFTER, 30));
  return Math.min(doubled, LONGEST_PAUSE_SECONDS) * (1 - random / 2);
}

/** It did not answer. What cannot pass by itself (`isHard`) opens at once. */
export function failed(
  circuit: Circuit,
  { now, reason, random, isHard = false }: { now: Date; reason: AwayReason; random: number; isHard?: boolean },
): Circuit {
  const failures = circuit.failures + 1;
  const since = circuit.since ?? now.toISOString();
  if (circuit.state === 'closed' && failures < OPENS_AFTER && !isHard) return { ...CLOSED, failures, since, reason };
  return { state: 'open', failures, since, reason, nextAt: after(now, pauseSeconds(failures, random)) };
}

/** Whether it is time to ask; also when whoever asked before never came back with an answer. */
export const mayProbe = ({ state, nextAt }: Circuit, now: Date): boolean =>
  state !== 'closed' && (nextAt === null || new Date(nextAt) <= now);

export const probing = (circuit: Circuit, now: Date): Circuit => ({
  ...circuit,
  state: 'probing',
  nextAt: after(now, PROBE_SECONDS),
});

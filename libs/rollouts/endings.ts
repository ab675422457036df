import type { DesaSeen, EndDesa, Reason, RolloutSeen, RunSeen, WaveSeen } from './rollout.js';
import { isSameVersion } from './same-version.js';
import { signatureOf } from './signature.js';

/** A site is asked again after its run; what was not seen by then is not so. */
export const OBSERVE_GRACE_SECONDS = 60;

export const isRunOpen = (run: RunSeen | null): boolean =>
  run !== null && ['queued', 'running', 'undoing'].includes(run.state);

export interface Look {
  seen: RolloutSeen;
  desa: DesaSeen;
  wave: WaveSeen | undefined;
  now: Date;
}
type Rule = (look: Look) => EndDesa | null;

export const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000;

export const failed = (desaId: string, problem: Reason, signature = signatureOf(problem)): EndDesa => ({
  do: 'end-desa',
  desaId,
  state: 'failed',
  signature,
  problem,
});

const sinceOf = ({ desa, wave }: Look): Date | null => desa.startedAt ?? desa.run?.createdAt ?? wave?.startedAt ?? null;

/** A hold is looked at when the desa's turn has come: one that ends earlier costs it nothing. A failure that is held is excused. */
const heldRule: Rule = ({ seen, desa, wave }) => {
  if (!desa.isHeld || !['running', 'paused'].includes(seen.state)) return null;
  const isItsTurn = wave !== undefined && wave.state !== 'waiting';
  const isExcused = desa.state === 'failed' && wave?.state !== 'passed';
  if (!isItsTurn || (desa.state !== 'waiting' && !isExcused)) return null;
  return { do: 'end-desa', desaId: desa.desaId, state: 'held' };
};

const badRunRule: Rule = ({ desa: { desaId, state, run } }) => {
  if (state !== 'running' || run === null || !['undone', 'broken', 'cancelled'].includes(run.state)) return null;
  return failed(desaId, run.problem ?? { code: 'desa-run-ended', data: { state: run.state } });
};

/** Evidence: the site itself answered with the target version, after the wave and this desa's own turn began. */
function isProved(look: Look): boolean {
  const { observedVersion, observedAt } = look.desa;
  const since = sinceOf(look);
  if (observedAt === null || since === null) return false;
  const begun = Math.max(since.getTime(), look.wave?.startedAt?.getTime() ?? 0);
  return observedAt.getTime() > begun && isSameVersion(observedVersion, look.seen.version);
}

const doneRule: Rule = (look) => {
  const { desaId, state, run } = look.desa;
  return state === 'running' && run?.state === 'done' && isProved(look)
    ? { do: 'end-desa', desaId, state: 'done' }
    : null;
};

/** A run that says done is believed for a minute, then the site has the last word. */
const notObservedRule: Rule = ({ seen, desa, now }) => {
  const { desaId, state, run, observedVersion } = desa;
  if (state !== 'running' || run?.state !== 'done') return null;
  if (secondsBetween(run.endedAt ?? run.createdAt, now) < OBSERVE_GRACE_SECONDS) return null;
  const data = { wanted: seen.version, version: observedVersion };
  return failed(desaId, { code: 'not-observed', data }, 'not-observed');
};

const deadlineRule: Rule = (look) => {
  const { desaId, state, run } = look.desa;
  const since = sinceOf(look);
  const { deadlineSeconds } = look.seen.settings;
  if (state !== 'running' || since === null || (run !== null && !isRunOpen(run))) return null;
  if (secondsBetween(since, look.now) < deadlineSeconds) return null;
  return failed(desaId, { code: 'desa-deadline', data: { seconds: deadlineSeconds } }, 'deadline');
};

/** Failures are judged before successes; the first that holds is the ending. */
const RULES: readonly Rule[] = [heldRule, badRunRule, doneRule, notObservedRule, deadlineRule];

function endingOf(look: Look): EndDesa | null {
  for (const rule of RULES) {
    const ending = rule(look);
    if (ending) return ending;
  }
  return null;
}

/** What has ended since it was last looked at, in a rollout of any state. */
export function endingsOf(seen: RolloutSeen, now: Date): EndDesa[] {
  const waves = new Map(seen.waves.map((wave) => [wave.position, wave]));
  return seen.desa
    .map((desa) => endingOf({ seen, desa, wave: waves.get(desa.wave), now }))
    .filter((ending) => ending !== null);
}

/** The rollout as it stands once these endings are written. */
export function withEndings(seen: RolloutSeen, endings: readonly EndDesa[]): RolloutSeen {
  if (endings.length === 0) return seen;
  const states = new Map(endings.map(({ desaId, state }) => [desaId, state]));
  return { ...seen, desa: seen.desa.map((desa) => ({ ...desa, state: states.get(desa.desaId) ?? desa.state })) };
}

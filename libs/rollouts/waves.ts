import { failed, isRunOpen, secondsBetween } from './endings.js';
import type { Decision, DesaSeen, EndDesa, RolloutSeen, WaveSeen } from './rollout.js';
import { allowed, countsOf, hasEnded, isBeyond, isWithoutProof, type WaveCounts } from './stop-rule.js';
import {
  countBy,
  endsAfterWindow,
  oneDesaEndsAfterWindow,
  openDesaOf,
  waveSeconds,
  windowCloses,
} from './window-end.js';

const isWorking = (desa: DesaSeen): boolean => desa.state === 'running' || isRunOpen(desa.run);
/** Two runs of one desa never stand side by side, not even when the older one missed its deadline. */
const isBlocked = (desa: DesaSeen): boolean => desa.hasForeignRun || isRunOpen(desa.run);

/** Waiting desa whose turn has come: of this wave, and those of earlier waves that are tried again. */
const nextInLine = (seen: RolloutSeen, upTo: number): DesaSeen[] =>
  seen.desa.filter(({ state, wave }) => state === 'waiting' && wave <= upTo);

/** As many as each server has room for, in the order of the plan. */
function startsOf(seen: RolloutSeen, upTo: number): Decision[] {
  const busy = countBy(seen.desa.filter(isWorking), ({ serverId }) => serverId);
  return nextInLine(seen, upTo).flatMap((desa): Decision[] => {
    const used = (busy.get(desa.serverId) ?? 0) + (seen.busyOnServer[desa.serverId] ?? 0);
    if (isBlocked(desa) || used >= seen.settings.perServer) return [];
    busy.set(desa.serverId, (busy.get(desa.serverId) ?? 0) + 1);
    return [{ do: 'start-desa', desaId: desa.desaId, wave: desa.wave }];
  });
}

/** Started only when one more desa ends inside the window; otherwise the rest waits for the next one. */
function startsInWindow(seen: RolloutSeen, upTo: number, now: Date): Decision[] {
  const starts = startsOf(seen, upTo);
  return starts.length > 0 && oneDesaEndsAfterWindow(seen, now) ? [windowCloses(seen)] : starts;
}

/** When nothing else moves, a desa that somebody else keeps busy for a whole deadline counts as failed. */
function neverFree(seen: RolloutSeen, upTo: number, now: Date): EndDesa[] {
  if (seen.desa.some(({ state }) => state === 'running')) return [];
  const begun = seen.waves.map(({ startedAt }) => startedAt?.getTime() ?? 0);
  const moves = seen.desa.map(({ run }) => run?.endedAt?.getTime() ?? 0);
  const last = new Date(Math.max(...begun, ...moves));
  if (secondsBetween(last, now) < seen.settings.deadlineSeconds) return [];
  return nextInLine(seen, upTo)
    .filter(isBlocked)
    .map(({ desaId }) => failed(desaId, { code: 'desa-busy', data: {} }));
}

function failWave(seen: RolloutSeen, { position, state }: WaveSeen, counts: WaveCounts): Decision[] {
  const { failed, of } = counts;
  const data = { wave: position + 1, failed, of, allowed: allowed(seen.settings.stopAfter) };
  const mark: Decision[] = state === 'running' ? [{ do: 'fail-wave', wave: position }] : [];
  return [...mark, { do: 'pause', reason: { code: 'wave-failed', data } }];
}

/** Settled after the last thing that happened in it: the soak counts from there. */
function isSettled(seen: RolloutSeen, { position, settledAt }: WaveSeen): boolean {
  if (settledAt === null) return false;
  return !seen.desa.some(({ wave, run }) => wave === position && run?.endedAt != null && run.endedAt > settledAt);
}

const isSoaked = ({ settings }: RolloutSeen, { settledAt }: WaveSeen, now: Date): boolean =>
  settledAt !== null && secondsBetween(settledAt, now) >= settings.soakMinutes * 60;

/** Between one wave and the next: soak, and a person's yes at every gate when the settings want one. None after the last. */
function gate(seen: RolloutSeen, wave: WaveSeen, now: Date): Decision[] {
  if (!isSettled(seen, wave)) return [{ do: 'settle-wave', wave: wave.position }];
  const isLast = seen.waves.every(({ position }) => position <= wave.position);
  const hasYes = !seen.settings.needsYes || wave.releasedAt !== null;
  if (!isLast && !(hasYes && isSoaked(seen, wave, now))) return [];
  return [{ do: 'pass-wave', wave: wave.position }];
}

function beginWave(seen: RolloutSeen, wave: WaveSeen, now: Date): Decision[] {
  const seconds = waveSeconds(seen, openDesaOf(seen, wave.position));
  return endsAfterWindow(seen, now, seconds) ? [windowCloses(seen)] : [{ do: 'start-wave', wave: wave.position }];
}

/** A failure that is only found here is judged in the next tick, before anything begins. */
function onwardTo(seen: RolloutSeen, upTo: number, now: Date): Decision[] {
  const stuck = neverFree(seen, upTo, now);
  return stuck.length > 0 ? stuck : startsInWindow(seen, upTo, now);
}

function goOn(seen: RolloutSeen, wave: WaveSeen, now: Date): Decision[] {
  const onward = onwardTo(seen, wave.position, now);
  const isOver = hasEnded(countsOf(seen.desa.filter((desa) => desa.wave === wave.position)));
  return isOver ? [...onward, ...gate(seen, wave, now)] : onward;
}

/** Every wave has passed; what is tried again still comes to its end first. */
function wrapUp(seen: RolloutSeen, now: Date): Decision[] {
  const isOver = seen.desa.every(({ state }) => state !== 'waiting' && state !== 'running');
  return isOver ? [{ do: 'finish' }] : onwardTo(seen, Infinity, now);
}

/** The first wave that has not passed is the one at work. Failures are judged before anything starts or passes. */
export function decideWaves(seen: RolloutSeen, now: Date): Decision[] {
  const wave = seen.waves.find(({ state }) => state !== 'passed');
  if (!wave) return wrapUp(seen, now);
  const counts = countsOf(seen.desa.filter((desa) => desa.wave === wave.position));
  if (isBeyond(counts, seen.settings.stopAfter) || isWithoutProof(counts)) return failWave(seen, wave, counts);
  // A failed wave whose failures were held or are tried again is begun anew.
  return wave.state === 'running' ? goOn(seen, wave, now) : beginWave(seen, wave, now);
}

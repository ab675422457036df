import { Conflict } from '#libs/core/errors.js';
import type { RolloutState } from './rollout.js';

/** From which states each act of a person may be done (product: States). */
export const ROLLOUT_MOVES = {
  approve: ['draft'],
  start: ['approved'],
  pause: ['running'],
  resume: ['paused'],
  stop: ['draft', 'approved', 'running', 'paused'],
  retry: ['running', 'paused'],
  hold: ['running', 'paused'],
  gate: ['running', 'paused'],
} as const satisfies Record<string, readonly RolloutState[]>;
export type RolloutAct = keyof typeof ROLLOUT_MOVES;

export const mayAct = (state: RolloutState, act: RolloutAct): boolean =>
  (ROLLOUT_MOVES[act] as readonly RolloutState[]).includes(state);

export const refusal = (state: RolloutState, act: RolloutAct): Conflict =>
  new Conflict('rollout-state', { act, state, needs: [...ROLLOUT_MOVES[act]] });

export function assertMay(state: RolloutState, act: RolloutAct): void {
  if (!mayAct(state, act)) throw refusal(state, act);
}

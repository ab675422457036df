import type { Response } from 'express';
import { changeOf } from '#libs/contract/rollout-change.js';
import type { RolloutWhole } from '#libs/contract/rollouts.js';
import { streamEvents } from './event-stream.js';

const EVERY_MILLISECONDS = 700;

/** Nothing of it moves any more: a stopped one goes on until its last desa has come to its end. */
const hasEnded = ({ state, desa }: RolloutWhole): boolean =>
  ['finished', 'stopped'].includes(state) && desa.every((one) => one.state !== 'running');

/** Streams a rollout: whole at first, with its plan and evidence, then only what changed, until it has ended or the reader has gone. */
export function followRollout(look: () => Promise<RolloutWhole>, response: Response): Promise<void> {
  let told: RolloutWhole | undefined;
  return streamEvents(response, EVERY_MILLISECONDS, async ({ tell }) => {
    const rollout = await look();
    const change = told && changeOf(told, rollout);
    if (change === undefined) tell('rollout', rollout);
    else if (change !== null) tell('change', change);
    told = rollout;
    return hasEnded(rollout) ? {} : undefined;
  });
}

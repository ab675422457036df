import type { Response } from 'express';
import type { RolloutWhole } from '#libs/contract/rollouts.js';
import { streamEvents } from './event-stream.js';

const EVERY_MILLISECONDS = 700;

/** Nothing of it moves any more: a stopped one goes on until its last desa has come to its end. */
const hasEnded = ({ state, desa }: RolloutWhole): boolean =>
  ['finished', 'stopped'].includes(state) && desa.every((one) => one.state !== 'running');

/** Streams a rollout whenever it changed, until it has ended or the reader has gone. */
export const followRollout = (look: () => Promise<RolloutWhole>, response: Response): Promise<void> =>
  streamEvents(response, EVERY_MILLISECONDS, async ({ tellChange }) => {
    const rollout = await look();
    tellChange('rollout', rollout);
    return hasEnded(rollout) ? {} : undefined;
  });

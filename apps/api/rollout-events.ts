import type { Response } from 'express';
import type { RolloutWhole } from '#libs/contract/rollouts.js';
import { systemClock, type Clock } from '#libs/core/clock.js';

const EVERY_MILLISECONDS = 700;
/** Proxies close a silent connection after a minute. */
const BREATH_EVERY = 25;

const event = (name: string, body: unknown): string => `event: ${name}\ndata: ${JSON.stringify(body)}\n\n`;

/** Nothing of it moves any more: a stopped one goes on until its last desa has come to its end. */
const hasEnded = ({ state, desa }: RolloutWhole): boolean =>
  ['finished', 'stopped'].includes(state) && desa.every((one) => one.state !== 'running');

/** Streams a rollout whenever it changed, until it has ended or the reader has gone. */
export async function followRollout(
  look: () => Promise<RolloutWhole>,
  response: Response,
  clock: Clock = systemClock,
): Promise<void> {
  let isOpen = true;
  response.on('close', () => (isOpen = false));
  response
    .status(200)
    .set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no', Connection: 'keep-alive' });
  response.flushHeaders();
  response.write('retry: 2000\n\n');
  let told = '';
  for (let round = 1; isOpen; round += 1) {
    const rollout = await look();
    const text = JSON.stringify(rollout);
    if (text !== told) response.write(event('rollout', rollout));
    told = text;
    if (hasEnded(rollout)) break;
    if (round % BREATH_EVERY === 0) response.write(': still here\n\n');
    await clock.sleep(EVERY_MILLISECONDS);
  }
  response.end(event('end', {}));
}

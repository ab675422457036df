import { bytesOf, differenceOf } from '#libs/runtimes/folder-difference.js';
import type { MoveTarget, MoveTools } from './move-target.js';

export interface BroughtOver {
  bytes: number;
  seconds: number;
  totalBytes: number;
}

/** Makes the new folder as the old one is now: only what differs travels, so that a try that was cut off goes on. */
export async function bringOver({ to }: MoveTarget, { carriage, clock }: MoveTools): Promise<BroughtOver> {
  const begun = clock.now().getTime();
  const old = await carriage.list('old');
  const { carry, clear } = differenceOf(old, await carriage.list('new'), to.site.uid);
  await carriage.clear(clear);
  await carriage.carry(carry);
  return {
    bytes: bytesOf(carry),
    seconds: (clock.now().getTime() - begun) / 1000,
    totalBytes: bytesOf(old),
  };
}

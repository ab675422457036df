import type { Response } from 'express';
import { systemClock } from '#libs/core/clock.js';

/** Proxies close a silent connection after a minute. */
const BREATH_MILLISECONDS = 15_000;

const event = (name: string, body: unknown, id?: number): string =>
  `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(body)}\n\n`;

export interface Teller {
  tell(name: string, body: unknown, id?: number): void;
  /** Says nothing when it is what was told last. */
  tellChange(name: string, body: unknown): void;
}

function tellerOn(response: Response): Teller {
  let told = '';
  const tell: Teller['tell'] = (name, body, id) => void response.write(event(name, body, id));
  return {
    tell,
    tellChange(name, body) {
      const text = JSON.stringify(body);
      if (text !== told) tell(name, body);
      told = text;
    },
  };
}

/**
 * Server-sent events: `look` tells what there is, again and again, until it answers the body of the `end` event or the
 * reader has gone. The rows are the truth; looking often is cheap and misses nothing.
 */
export async function streamEvents(
  response: Response,
  everyMilliseconds: number,
  look: (teller: Teller) => Promise<object | undefined>,
): Promise<void> {
  let isOpen = true;
  response.on('close', () => (isOpen = false));
  response
    .status(200)
    .set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no', Connection: 'keep-alive' });
  response.flushHeaders();
  response.write('retry: 2000\n\n');
  const teller = tellerOn(response);
  const roundsToBreath = Math.ceil(BREATH_MILLISECONDS / everyMilliseconds);
  for (let round = 1; isOpen; round += 1) {
    const end = await look(teller);
    if (end) {
      teller.tell('end', end);
      break;
    }
    if (round % roundsToBreath === 0) response.write(': still here\n\n');
    await systemClock.sleep(everyMilliseconds);
  }
  response.end();
}

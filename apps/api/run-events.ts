import type { Response } from 'express';
import type { LogLine, RunWithSteps } from '#libs/contract/contract.js';
import { systemClock, type Clock } from '#libs/core/clock.js';

export interface RunLook {
  run(): Promise<RunWithSteps>;
  log(afterId: number): Promise<LogLine[]>;
}

const EVERY_MILLISECONDS = 300;
/** Proxies close a silent connection after a minute. */
const BREATH_EVERY = 50;
const ENDED: RunWithSteps['state'][] = ['done', 'undone', 'broken', 'cancelled'];

const event = (name: string, body: unknown, id?: number): string =>
  `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(body)}\n\n`;

/** Streams a run until it has ended or the reader has gone. The rows are the truth; looking often is cheap and misses nothing. */
export async function followRun(
  look: RunLook,
  response: Response,
  from: number,
  clock: Clock = systemClock,
): Promise<void> {
  let isOpen = true;
  response.on('close', () => (isOpen = false));
  response
    .status(200)
    .set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no', Connection: 'keep-alive' });
  response.flushHeaders();
  response.write('retry: 2000\n\n');
  let last = from;
  let told = '';
  for (let round = 1; isOpen; round += 1) {
    // The run is read before its log: when it has ended, every line of it is already there.
    const run = await look.run();
    for (let lines = await look.log(last); lines.length > 0; lines = await look.log(last)) {
      for (const line of lines) response.write(event('log', line, line.id));
      last = lines.at(-1)!.id;
    }
    const text = JSON.stringify(run);
    if (text !== told) response.write(event('run', run));
    told = text;
    if (ENDED.includes(run.state)) break;
    if (round % BREATH_EVERY === 0) response.write(': still here\n\n');
    await clock.sleep(EVERY_MILLISECONDS);
  }
  response.end(event('end', { id: last }));
}

import type { Response } from 'express';
import type { LogLine, RunWithSteps } from '#libs/contract/contract.js';
import { streamEvents } from './event-stream.js';

export interface RunLook {
  run(): Promise<RunWithSteps>;
  log(afterId: number): Promise<LogLine[]>;
}

const EVERY_MILLISECONDS = 300;
const ENDED: RunWithSteps['state'][] = ['done', 'undone', 'broken', 'cancelled'];

/** Streams a run and its log from one line on, until it has ended or the reader has gone. */
export function followRun(look: RunLook, response: Response, from: number): Promise<void> {
  let last = from;
  return streamEvents(response, EVERY_MILLISECONDS, async ({ tell, tellChange }) => {
    // The run is read before its log: when it has ended, every line of it is already there.
    const run = await look.run();
    for (let lines = await look.log(last); lines.length > 0; lines = await look.log(last)) {
      for (const line of lines) tell('log', line, line.id);
      last = lines.at(-1)!.id;
    }
    tellChange('run', run);
    return ENDED.includes(run.state) ? { id: last } : undefined;
  });
}

import type { LogLine, RunWithSteps } from '#libs/contract/contract.js';
import { Refused, type Client } from './client.js';

export interface RunEvents {
  log(line: LogLine): void;
  run(run: RunWithSteps): void;
}

interface ServerEvent {
  event: string;
  id: string | undefined;
  body: string;
}

const ENDED: RunWithSteps['state'][] = ['done', 'undone', 'broken', 'cancelled'];
const AGAIN_MILLISECONDS = 1000;
const TRIES = 60;

/** Follows a run to its end. A connection that breaks is taken up after the last line seen; a minute of silence is told. */
export async function follow(client: Client, runId: string, tell: RunEvents): Promise<RunWithSteps> {
  let last: string | undefined;
  let run: RunWithSteps | undefined;
  for (let failures = 0; !run || !ENDED.includes(run.state);) {
    try {
      for await (const { event, id, body } of eventsOf(client, runId, last)) {
        failures = 0;
        last = id ?? last;
        if (event === 'log') tell.log(JSON.parse(body) as LogLine);
        if (event === 'run') tell.run((run = JSON.parse(body) as RunWithSteps));
      }
    } catch (error) {
      const isFinal = error instanceof Refused && error.problem.status < 500 && error.problem.code !== 'server-silent';
      if (isFinal || ++failures > TRIES) throw error;
    }
    if (!run || !ENDED.includes(run.state)) await new Promise((resolve) => setTimeout(resolve, AGAIN_MILLISECONDS));
  }
  return run;
}

async function* eventsOf(client: Client, runId: string, last: string | undefined): AsyncGenerator<ServerEvent> {
  const headers = { Accept: 'text/event-stream', ...(last ? { 'Last-Event-ID': last } : {}) };
  const response = await client.open(`/runs/${encodeURIComponent(runId)}/events`, { headers });
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n\r?\n/);
    rest = parts.pop() ?? '';
    yield* parts.map(read).filter(({ body }) => body !== '');
  }
}

function read(block: string): ServerEvent {
  const fields = block.split(/\r?\n/).map((line) => /^(event|id|data): ?(.*)$/.exec(line));
  const of = (name: string): string[] => fields.flatMap((field) => (field?.[1] === name ? [field[2]!] : []));
  return { event: of('event')[0] ?? 'message', id: of('id')[0], body: of('data').join('\n') };
}

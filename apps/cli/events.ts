import type { LogLine, RunWithSteps } from '#libs/contract/contract.js';
import { Refused, type Client } from './client.js';

export interface RunEvents {
  log(line: LogLine): void;
  run(run: RunWithSteps): void;
}

export interface ServerEvent {
  event: string;
  id: string | undefined;
  body: string;
}

const ENDED: RunWithSteps['state'][] = ['done', 'undone', 'broken', 'cancelled'];
export const AGAIN_MILLISECONDS = 1000;
export const TRIES = 60;

/** Asking again would be answered the same. */
export const isFinal = (error: unknown): boolean =>
  error instanceof Refused && error.problem.status < 500 && error.problem.code !== 'server-silent';

/** Follows a run to its end. A connection that breaks is taken up after the last line seen; a minute of silence is told. */
export async function follow(client: Client, runId: string, tell: RunEvents): Promise<RunWithSteps> {
  let last: string | undefined;
  let run: RunWithSteps | undefined;
  for (let failures = 0; !run || !ENDED.includes(run.state);) {
    try {
      for await (const { event, id, body } of eventsOf(client, `/runs/${encodeURIComponent(runId)}/events`, last)) {
        failures = 0;
        last = id ?? last;
        if (event === 'log') tell.log(JSON.parse(body) as LogLine);
        if (event === 'run') tell.run((run = JSON.parse(body) as RunWithSteps));
      }
    } catch (error) {
      if (isFinal(error) || ++failures > TRIES) throw error;
    }
    if (!run || !ENDED.includes(run.state)) await new Promise((resolve) => setTimeout(resolve, AGAIN_MILLISECONDS));
  }
  return run;
}

/** Server-sent events of an address, until the connection ends or breaks. */
export async function* eventsOf(client: Client, path: string, last?: string): AsyncGenerator<ServerEvent> {
  const headers = { Accept: 'text/event-stream', ...(last ? { 'Last-Event-ID': last } : {}) };
  const response = await client.open(path, { headers });
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

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
const AGAIN_MILLISECONDS = 1000;
const TRIES = 60;

/** Asking again would be answered the same. */
const isFinal = (error: unknown): boolean =>
  error instanceof Refused && error.problem.status < 500 && error.problem.code !== 'server-silent';

/** Hears events of an address until `isOver` says so. A connection that breaks is taken up after the last event seen. */
export async function hear(client: Client, path: string, isOver: (event: ServerEvent) => boolean): Promise<void> {
  let last: string | undefined;
  for (let failures = 0; ;) {
    try {
      for await (const event of eventsOf(client, path, last)) {
        failures = 0;
        last = event.id ?? last;
        if (isOver(event)) return;
      }
    } catch (error) {
      if (isFinal(error) || ++failures > TRIES) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MILLISECONDS));
  }
}

/** Follows a run to its end; its log comes before the word that it has ended. */
export async function follow(client: Client, runId: string, tell: RunEvents): Promise<RunWithSteps> {
  let run!: RunWithSteps;
  await hear(client, `/runs/${encodeURIComponent(runId)}/events`, ({ event, body }) => {
    if (event === 'log') tell.log(JSON.parse(body) as LogLine);
    if (event !== 'run') return false;
    tell.run((run = JSON.parse(body) as RunWithSteps));
    return ENDED.includes(run.state);
  });
  return run;
}

/** Server-sent events of an address, until the connection ends or breaks. */
async function* eventsOf(client: Client, path: string, last?: string): AsyncGenerator<ServerEvent> {
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

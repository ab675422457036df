import { Agent, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { Unavailable } from '#libs/core/errors.js';

const STREAMS = 3;
const BODY_LIMIT = 512 * 1024;

export interface HttpAnswer {
  status: number;
  body: string;
  headers: Record<string, string>;
}

/** A few dialled streams that stay open between requests: a new one costs an exec, more than most requests; `kept` of them idle. */
export const dialledAgent = (dial: () => Promise<Duplex>, streams = STREAMS, kept = streams): Agent => {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: streams,
    maxFreeSockets: kept,
    timeout: 60_000,
  });
  agent.createConnection = ((_options: unknown, done: (error: Error | null, stream?: Duplex) => void) => {
    dial().then(
      (stream) => done(null, stream),
      (error: Error) => done(error),
    );
    return undefined;
  }) as never;
  return agent;
};

/** One request over a dialled stream; no redirect is followed, the body is cut at 512 KiB unless told otherwise; trailers stand beside headers. */
export function ask(
  agent: Agent,
  {
    method = 'GET',
    path,
    host,
    headers = {},
    body,
    timeoutSeconds,
    limitBytes = BODY_LIMIT,
  }: {
    method?: string;
    path: string;
    host: string;
    headers?: Record<string, string>;
    body?: string;
    timeoutSeconds: number;
    limitBytes?: number;
  },
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        agent,
        method,
        path,
        host: 'dialled',
        headers: { ...headers, host, ...(body ? { 'content-length': String(Buffer.byteLength(body)) } : {}) },
      },
      (answer) => {
        const parts: Buffer[] = [];
        let size = 0;
        answer.on('data', (part: Buffer) => {
          if (size < limitBytes) parts.push(part.subarray(0, limitBytes - size));
          size += part.length;
        });
        answer.on('error', fail);
        answer.on('end', () => {
          clearTimeout(timer);
          const flat = Object.entries({ ...answer.headers, ...answer.trailers }).map(
            ([name, value]): [string, string] => [name, String(value)],
          );
          resolve({
            status: answer.statusCode ?? 0,
            body: Buffer.concat(parts).toString('utf8'),
            headers: Object.fromEntries(flat),
          });
        });
      },
    );
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(
        error instanceof Unavailable
          ? error
          : new Unavailable('site-unreachable', { host, path, reason: error.message }, error),
      );
    };
    const timer = setTimeout(() => call.destroy(new Error(`no answer in ${timeoutSeconds} s`)), timeoutSeconds * 1000);
    call.on('error', fail);
    call.end(body);
  });
}

/** As `ask`, once more when the stream died before an answer: a kept stream may have ended on the other side. */
export async function askAgain(...question: Parameters<typeof ask>): Promise<HttpAnswer> {
  try {
    return await ask(...question);
  } catch {
    return ask(...question);
  }
}

import type { Terminal } from './terminal.js';

export interface Asked {
  method: string;
  path: string;
  headers: Headers;
  body: unknown;
}

type Answer = (asked: Asked) => Response;

export const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

export const problem = (code: string, status: number): Response =>
  new Response(JSON.stringify({ type: '', title: 'T', detail: 'D.', hint: 'H.', status, code, data: {} }), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });

export const events = (...blocks: string[]): Response =>
  new Response(blocks.join(''), { headers: { 'content-type': 'text/event-stream' } });

/** A dashboard that answers by a table of routes and remembers what it was asked; an answer may be a list, used up in turn. */
export class FakeDashboard {
  readonly asked: Asked[] = [];
  constructor(private readonly routes: Record<string, Answer | Answer[]>) {}

  readonly fetch = (async (input: string | URL | Request, options: RequestInit = {}): Promise<Response> => {
    const url = new URL(String(input));
    const path = url.pathname.replace('/api/v1', '') + url.search;
    const body = typeof options.body === 'string' ? (JSON.parse(options.body) as unknown) : undefined;
    const asked = { method: options.method ?? 'GET', path, headers: new Headers(options.headers), body };
    this.asked.push(asked);
    const route = this.routes[`${asked.method} ${path}`];
    const answer = Array.isArray(route) ? route.shift() : route;
    if (!answer) throw new TypeError('fetch failed');
    return answer(asked);
  }) as typeof fetch;
}

export interface FakeTerminal extends Terminal {
  said: { out: string[]; error: string[] };
}

export const fakeTerminal = (api: FakeDashboard, more: Partial<Terminal> = {}): FakeTerminal => {
  const said = { out: [] as string[], error: [] as string[] };
  return {
    environment: { SIAPPAKAI_URL: 'http://dasbor.test', SIAPPAKAI_TOKEN: 'token' },
    home: '/nonexistent',
    out: (line) => void said.out.push(line),
    error: (line) => void said.error.push(line),
    fetch: api.fetch,
    isInteractive: false,
    ask: () => Promise.reject(new Error('nobody is there')),
    input: () => Promise.resolve(''),
    said,
    ...more,
  };
};

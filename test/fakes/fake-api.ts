import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Problem } from '#libs/contract/contract.js';
import { changeOf } from '#libs/contract/rollout-change.js';
import type { RolloutWhole } from '#libs/contract/rollouts.js';
import { Refusal, type Answer, type Body } from './fake-answers.js';
import type { Fleet } from './fake-fleet.js';
import { fakeRoutes, type Session } from './fake-routes.js';
import { gabunganRoutes } from './fake-gabungan-routes.js';
import { peopleRoutes } from './fake-people.js';
import { driftRoutes } from './fake-drift.js';
import { FakeRollouts } from './fake-rollouts.js';
import { rolloutRoutes } from './fake-rollout-routes.js';
import { FakeRuns } from './fake-runs.js';

/**
 * A stand-in of the HTTP api for the console's development and tests: it keeps state, plays runs by a clock of its own
 * and can be told to refuse. Every answer is checked against the contract, so it cannot drift from it.
 */
export interface FakeApi {
  url: string;
  fleet: Fleet;
  /** Path prefix (after /api/v1) to the problem it answers. */
  refusals: Map<string, Partial<Problem>>;
  asked: string[];
  /** Plays the runs; `failsAt` names a step that fails. */
  runs: FakeRuns;
  /** Plays the rollouts; `failing` names the desa that fail. */
  rollouts: FakeRollouts;
  /** Ends every open stream; while true, new ones get 503. */
  cutStreams(isClosed: boolean): void;
  stop(): Promise<void>;
}

interface Options {
  fleet: Fleet;
  consoleFolder: string;
  role?: 'admin' | 'operator' | 'reader';
  stepMilliseconds?: number;
  isSignedIn?: boolean;
  mustChangePassword?: boolean;
}

const policy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const kinds: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.html': 'text/html',
};

const readBody = async (request: IncomingMessage): Promise<Body> => {
  let text = '';
  for await (const part of request) text += String(part);
  return text ? (JSON.parse(text) as Body) : ({} as Body);
};

export const startFakeApi = async (options: Options): Promise<FakeApi> => {
  const { fleet } = options;
  const refusals = new Map<string, Partial<Problem>>();
  const asked: string[] = [];
  const streams = new Set<ServerResponse>();
  const timers = new Set<ReturnType<typeof setInterval>>();
  const session: Session = {
    isSignedIn: options.isSignedIn ?? true,
    role: options.role ?? 'admin',
    mustChangePassword: options.mustChangePassword ?? false,
  };
  const runs = new FakeRuns(fleet, options.stepMilliseconds ?? 250);
  const rollouts = new FakeRollouts(fleet, options.stepMilliseconds ?? 250);
  const routes = [
    ...peopleRoutes(fleet, session),
    ...driftRoutes(fleet, runs),
    ...rolloutRoutes(fleet),
    ...gabunganRoutes(fleet, runs),
    ...fakeRoutes(fleet, runs, session),
  ];
  let isClosed = false;

  const stream = (id: string, request: IncomingMessage, response: ServerResponse) => {
    if (isClosed) return void response.writeHead(503).end();
    let last = Number(request.headers['last-event-id'] ?? 0);
    let told = '';
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 300\n\n');
    streams.add(response);
    const beat = setInterval(() => {
      const one = fleet.runs.find((known) => known.id === id);
      for (const line of (fleet.logs.get(id) ?? []).filter((known) => known.id > last)) {
        response.write(`event: log\nid: ${line.id}\ndata: ${JSON.stringify(line)}\n\n`);
        last = line.id;
      }
      const text = JSON.stringify(one);
      if (text !== told) response.write(`event: run\ndata: ${text}\n\n`);
      told = text;
    }, 50);
    timers.add(beat);
    response.on('close', () => clearInterval(beat));
  };
  const streamRollout = (id: string, response: ServerResponse) => {
    if (isClosed) return void response.writeHead(503).end();
    let told: RolloutWhole | undefined;
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 300\n\n');
    streams.add(response);
    const beat = setInterval(() => {
      const one = fleet.rollouts.find((known) => known.id === id);
      const change = one && told ? changeOf(told, one) : undefined;
      if (change === undefined) response.write(`event: rollout\ndata: ${JSON.stringify(one)}\n\n`);
      else if (change !== null) response.write(`event: change\ndata: ${JSON.stringify(change)}\n\n`);
      told = structuredClone(one);
      if (one && (one.state === 'finished' || one.state === 'stopped')) response.end('event: end\ndata: {}\n\n');
    }, 50);
    timers.add(beat);
    response.on('close', () => clearInterval(beat));
  };
  const answer = async (request: IncomingMessage, path: string, query: URLSearchParams): Promise<Answer> => {
    const method = request.method ?? 'GET';
    asked.push(`${method} ${path}`);
    if (!session.isSignedIn && path !== '/session')
      throw new Refusal({ status: 401, code: 'not-signed-in', title: 'Anda belum masuk', hint: 'Masuk lebih dulu.' });
    if (method !== 'GET' && !request.headers['x-siappakai']) throw new Refusal({ status: 403, code: 'header-missing' });
    for (const [prefix, problem] of refusals) if (path.startsWith(prefix)) throw new Refusal(problem);
    for (const [verb, pattern, work] of routes) {
      const parts = verb === method ? pattern.exec(path) : null;
      if (parts) return work(parts.slice(1), await readBody(request), query);
    }
    throw new Refusal({ status: 404, code: 'route-unknown' });
  };
  const api = async (request: IncomingMessage, response: ServerResponse, path: string, query: URLSearchParams) => {
    try {
      const { schema, body, status } = await answer(request, path, query);
      response
        .writeHead(status ?? 200, { 'content-type': 'application/json' })
        .end(body === undefined ? undefined : JSON.stringify(schema ? schema.parse(body) : body));
    } catch (error) {
      const problem =
        error instanceof Refusal ? error.problem : { status: 500, code: 'contract-broken', title: String(error) };
      const whole = { type: 'about:blank', title: '', detail: '', hint: '', data: {}, ...problem };
      response
        .writeHead(problem.status ?? 500, { 'content-type': 'application/problem+json' })
        .end(JSON.stringify(whole));
    }
  };
  const file = (response: ServerResponse, path: string) => {
    const wanted = join(options.consoleFolder, path);
    const found = path !== '/' && existsSync(wanted) ? wanted : join(options.consoleFolder, 'index.html');
    response.writeHead(200, {
      'content-type': kinds[extname(found)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    });
    createReadStream(found).pipe(response);
  };
  const http: HttpServer = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (!pathname.startsWith('/api/v1')) return file(response, pathname);
    const [, kind, id] = /^\/api\/v1\/(runs|rollouts)\/([^/]+)\/events$/.exec(pathname) ?? [];
    if (kind === 'rollouts') return streamRollout(id!, response);
    return kind
      ? stream(id!, request, response)
      : void api(request, response, pathname.slice('/api/v1'.length), searchParams);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    fleet,
    refusals,
    asked,
    runs,
    rollouts,
    cutStreams: (value) => {
      isClosed = value;
      for (const open of streams) open.destroy();
      streams.clear();
    },
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      runs.stop();
      rollouts.stop();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
};

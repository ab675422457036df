import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { z } from 'zod';
import {
  administrator,
  auditRow,
  desa,
  gabungan,
  home,
  importReport,
  kabupaten,
  logLine,
  me,
  page,
  release,
  run,
  runWithSteps,
  server,
  type Problem,
  type RunWithSteps,
} from '#libs/contract/contract.js';
import { aDesa, aGabungan, aKabupaten, anInstallation, aRelease, aRun, aServer, type Fleet } from './fake-fleet.js';

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
}

type Body = Record<string, string> & { dryRun?: boolean };
type Answer = { schema?: z.ZodType; body?: unknown; status?: number };
const policy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const kinds: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.html': 'text/html',
};

class Refusal extends Error {
  constructor(readonly problem: Partial<Problem>) {
    super(problem.code);
  }
}

const readBody = async (request: IncomingMessage): Promise<Body> => {
  let text = '';
  for await (const part of request) text += String(part);
  return text ? (JSON.parse(text) as Body) : ({} as Body);
};

const list = <T>(schema: z.ZodType<T>, items: T[], query: URLSearchParams): Answer => {
  const from = Number(query.get('offset') ?? 0);
  return {
    schema: page(schema),
    body: { items: items.slice(from, from + Number(query.get('limit') ?? 50)), total: items.length },
  };
};

export const startFakeApi = async (options: Options): Promise<FakeApi> => {
  const { fleet } = options;
  const refusals = new Map<string, Partial<Problem>>();
  const asked: string[] = [];
  const streams = new Set<ServerResponse>();
  const timers = new Set<ReturnType<typeof setInterval>>();
  let isSignedIn = options.isSignedIn ?? true;
  let isClosed = false;
  let lineId = 0;

  const find = <T>(items: T[], test: (item: T) => boolean): T => {
    const found = items.find(test);
    if (!found) throw new Refusal({ status: 404, code: 'unknown', title: 'Tidak dikenal' });
    return found;
  };
  const say = (id: string, line: string) => {
    lineId += 1;
    const lines = fleet.logs.get(id) ?? [];
    fleet.logs.set(id, [...lines, { id: lineId, at: new Date().toISOString(), level: 'info', step: null, line }]);
  };
  const start = (one: RunWithSteps, atEnd: () => void): RunWithSteps => {
    fleet.runs.unshift(one);
    let position = -1;
    const beat = setInterval(() => {
      const at = new Date().toISOString();
      const before = one.steps[position];
      if (before) Object.assign(before, { state: 'done', endedAt: at });
      position += 1;
      const step = one.steps[position];
      if (one.state === 'cancelled') return clearInterval(beat);
      Object.assign(one, step ? { state: 'running', startedAt: one.startedAt ?? at } : { state: 'done', endedAt: at });
      if (step) {
        Object.assign(step, { state: 'running', startedAt: at, attempts: 1 });
        return say(one.id, `${step.name}: ${step.says[0] ?? ''}`);
      }
      atEnd();
      clearInterval(beat);
    }, options.stepMilliseconds ?? 250);
    timers.add(beat);
    return one;
  };
  const actOn = (code: string, verb: string, body: Body): Answer => {
    const found = find(fleet.desa, (one) => one.code === code);
    const one = aRun(
      verb,
      { kind: 'desa', id: found.id, label: `${found.code} ${found.name}` },
      body.dryRun ? 'done' : 'queued',
    );
    if (body.dryRun) fleet.runs.unshift(one);
    else
      start(one, () => (found.installations = verb === 'remove' ? [] : [anInstallation(body.version ?? 'v2602.0.0')]));
    return { schema: run, body: one, status: 202 };
  };
  const seen = (): unknown => {
    const versions = new Map<string, number>();
    for (const { installations } of fleet.desa)
      for (const { observedVersion } of installations)
        versions.set(observedVersion ?? '', (versions.get(observedVersion ?? '') ?? 0) + 1);
    const bars = [...versions].map(([version, count]) => ({ version: version || null, count }));
    return {
      waiting: fleet.releases
        .filter(({ state }) => state === 'added')
        .map(({ version }) => ({ kind: 'build', text: `Rilis opensid ${version} belum disiapkan`, link: '/releases' })),
      broken: fleet.runs
        .filter(({ state }) => state === 'broken')
        .map(({ id, subjectLabel, problem }) => ({
          kind: 'run',
          text: `${subjectLabel}: ${problem?.title}`,
          link: `/runs/${id}`,
        })),
      running: fleet.runs.filter(({ state }) => ['queued', 'running', 'undoing'].includes(state)),
      versions: bars.length ? [{ app: 'opensid', bars, total: bars.reduce((sum, { count }) => sum + count, 0) }] : [],
    };
  };
  const person = () => ({
    username: 'admin',
    name: 'Admin',
    role: options.role ?? 'admin',
    kabupaten: fleet.kabupaten.map(({ id, code, name }) => ({ id, code, name })),
    language: 'id',
  });
  const desaOf = (query: URLSearchParams) => {
    const q = (query.get('q') ?? '').toLowerCase();
    const fits = (name: 'state' | 'app', value: string) => !query.get(name) || query.get(name) === value;
    const version = query.get('version');
    return fleet.desa.filter(
      (one) =>
        `${one.code} ${one.name} ${one.domain}`.toLowerCase().includes(q) &&
        (one.installations.length
          ? one.installations.some(
              (app) =>
                fits('state', app.state) && fits('app', app.app) && (!version || version === app.observedVersion),
            )
          : !query.get('state') && !query.get('app') && !version),
    );
  };

  const routes: [string, RegExp, (parts: string[], body: Body, query: URLSearchParams) => Answer][] = [
    [
      'POST',
      /^\/session$/,
      (_, body) => {
        if (body.password !== 'rahasia')
          throw new Refusal({
            status: 401,
            code: 'login-wrong',
            title: 'Nama pengguna atau kata sandi salah',
            hint: 'Periksa lagi, lalu coba sekali lagi.',
          });
        isSignedIn = true;
        return { schema: me, body: person() };
      },
    ],
    ['DELETE', /^\/session$/, () => ((isSignedIn = false), { status: 204 })],
    ['GET', /^\/me$/, () => ({ schema: me, body: person() })],
    ['GET', /^\/home$/, () => ({ schema: home, body: seen() })],
    ['GET', /^\/kabupaten$/, (_, __, query) => list(kabupaten, fleet.kabupaten, query)],
    [
      'POST',
      /^\/kabupaten$/,
      (_, body) => (
        fleet.kabupaten.push(aKabupaten(body.code)),
        { schema: kabupaten, body: fleet.kabupaten.at(-1), status: 201 }
      ),
    ],
    ['GET', /^\/servers$/, (_, __, query) => list(server, fleet.servers, query)],
    [
      'POST',
      /^\/servers$/,
      (_, body) => (
        fleet.servers.push(aServer(body.name!)),
        { schema: server, body: fleet.servers.at(-1), status: 201 }
      ),
    ],
    [
      'POST',
      /^\/servers\/([^/]+)\/check$/,
      ([name]) => ({ schema: server, body: find(fleet.servers, (one) => one.name === name) }),
    ],
    ['GET', /^\/gabungan$/, (_, __, query) => list(gabungan, fleet.gabungan, query)],
    [
      'POST',
      /^\/gabungan$/,
      (_, body) => {
        const made = aGabungan(body.name!, body.server!);
        return {
          schema: run,
          body: start(aRun('create', { kind: 'gabungan', id: made.id, label: made.name }), () =>
            fleet.gabungan.push(made),
          ),
          status: 202,
        };
      },
    ],
    [
      'GET',
      /^\/gabungan\/([^/]+)$/,
      ([name]) => ({ schema: gabungan, body: find(fleet.gabungan, (one) => one.name === name) }),
    ],
    [
      'POST',
      /^\/gabungan\/([^/]+)\/check$/,
      ([name]) => ({ schema: gabungan, body: find(fleet.gabungan, (one) => one.name === name) }),
    ],
    ['GET', /^\/releases$/, (_, __, query) => list(release, fleet.releases, query)],
    [
      'POST',
      /^\/releases$/,
      (_, body) => (
        fleet.releases.unshift(
          aRelease(body.github === 'latest' ? 'v2604.0.0' : (body.github ?? 'v2604.0.1'), 'added'),
        ),
        { schema: release, body: fleet.releases[0], status: 201 }
      ),
    ],
    [
      'POST',
      /^\/releases\/opensid\/([^/]+)\/build$/,
      ([version]) => {
        const found = find(fleet.releases, (one) => one.version === version);
        return {
          schema: run,
          body: start(
            aRun('build', { kind: 'release', id: found.id, label: found.version }),
            () => (found.state = 'built'),
          ),
          status: 202,
        };
      },
    ],
    ['GET', /^\/releases\/opensid\/([^/]+)\/log$/, () => ({ schema: logLine.array(), body: [] })],
    ['GET', /^\/desa$/, (_, __, query) => list(desa, desaOf(query), query)],
    [
      'POST',
      /^\/desa$/,
      (_, body) => (
        fleet.desa.push({ ...aDesa(fleet.desa.length, null), code: body.code!, domain: body.domain! }),
        { schema: desa, body: fleet.desa.at(-1), status: 201 }
      ),
    ],
    [
      'POST',
      /^\/desa\/import$/,
      (_, body) => {
        const rows = body
          .csv!.trim()
          .split('\n')
          .map((text, line) => ({
            line: line + 1,
            code: text.split(',')[0]!.replaceAll('.', ''),
            domain: text.split(',')[1] ?? '',
          }));
        const report = rows.map((row) => ({
          ...row,
          problem: /^\d{10}$/.test(row.code) ? null : 'Kode desa terdiri dari 10 angka.',
        }));
        return {
          schema: importReport,
          body: {
            accepted: report.filter(({ problem }) => !problem).length,
            refused: report.filter(({ problem }) => problem).length,
            applied: !body.dryRun,
            rows: report,
          },
        };
      },
    ],
    ['GET', /^\/desa\/(\d+)$/, ([code]) => ({ schema: desa, body: find(fleet.desa, (one) => one.code === code) })],
    [
      'POST',
      /^\/desa\/(\d+)\/administrator$/,
      () => ({ schema: administrator, body: { username: 'admin', password: 'kWq8Zr2TbN5x' } }),
    ],
    ['POST', /^\/desa\/(\d+)\/(install|update|remove)$/, ([code, verb], body) => actOn(code!, verb!, body)],
    [
      'GET',
      /^\/runs$/,
      (_, __, query) =>
        list(
          run,
          fleet.runs.filter(
            (one) =>
              (!query.get('state') || one.state === query.get('state')) &&
              (!query.get('subjectId') || one.subjectId === query.get('subjectId')),
          ),
          query,
        ),
    ],
    ['GET', /^\/runs\/([^/]+)$/, ([id]) => ({ schema: runWithSteps, body: find(fleet.runs, (one) => one.id === id) })],
    [
      'GET',
      /^\/runs\/([^/]+)\/log$/,
      ([id], _, query) => ({
        schema: logLine.array(),
        body: (fleet.logs.get(id!) ?? []).filter((line) => line.id > Number(query.get('after') ?? 0)),
      }),
    ],
    [
      'POST',
      /^\/runs\/([^/]+)\/cancel$/,
      ([id]) => ({
        schema: runWithSteps,
        body: Object.assign(
          find(fleet.runs, (one) => one.id === id),
          { state: 'cancelled' },
        ),
      }),
    ],
    [
      'POST',
      /^\/runs\/([^/]+)\/clear$/,
      ([id]) => ({
        schema: runWithSteps,
        body: Object.assign(
          find(fleet.runs, (one) => one.id === id),
          { state: 'undone' },
        ),
      }),
    ],
    ['GET', /^\/audit$/, (_, __, query) => list(auditRow, fleet.audit, query)],
  ];

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
  const answer = async (request: IncomingMessage, path: string, query: URLSearchParams): Promise<Answer> => {
    const method = request.method ?? 'GET';
    asked.push(`${method} ${path}`);
    if (!isSignedIn && path !== '/session')
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
    const events = /^\/api\/v1\/runs\/([^/]+)\/events$/.exec(pathname);
    return events
      ? stream(events[1]!, request, response)
      : void api(request, response, pathname.slice('/api/v1'.length), searchParams);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    fleet,
    refusals,
    asked,
    cutStreams: (value) => {
      isClosed = value;
      for (const open of streams) open.destroy();
      streams.clear();
    },
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
};

import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { events, FakeDashboard, fakeTerminal, json, problem } from './fake-dashboard.js';
import { EXIT, exitOfProblem, exitOfRun } from './exit-codes.js';
import { siappakai } from './program.js';
import { dotted, table } from './table.js';

const run = (state: string, more: object = {}) => ({
  id: 'a',
  verb: 'install',
  app: 'opensid',
  subjectLabel: '33.03.01.2001 Kedungbanteng',
  state,
  waiting: null,
  problem: null,
  steps: [],
  ...more,
});
const event = (name: string, body: unknown, id?: number): string =>
  `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(body)}\n\n`;
const line = (id: number, words: string) => ({
  id,
  at: '2026-01-01T00:00:00.000Z',
  level: 'info',
  step: 'place-site',
  line: words,
});

describe('tables', () => {
  it('put columns below each other, numbers to the right, and a dash for nothing', () => {
    const rows = [
      { name: 'Kedungbanteng', count: 7 },
      { name: null, count: 120 },
    ];
    expect(
      table(rows, [
        ['nama', ({ name }) => name],
        ['desa', ({ count }) => count],
      ]),
    ).toEqual(['NAMA           DESA', 'Kedungbanteng     7', '–               120']);
  });

  it('never let a foreign text move the cursor', () => {
    expect(table([{ name: 'a\u001b[2Jb\nc' }], [['nama', ({ name }) => name]])[1]).toBe('a [2Jb c');
  });

  it('show codes of every level with dots', () => {
    expect(['33', '3303', '330301', '3303012001'].map(dotted)).toEqual(['33', '33.03', '33.03.01', '33.03.01.2001']);
  });
});

describe('exit codes', () => {
  it.each([
    ['not-signed-in', 401, 3],
    ['login-wrong', 422, 3],
    ['forbidden', 403, 4],
    ['desa-unknown', 404, 5],
    ['run-open', 409, 6],
    ['domain-taken', 422, 7],
    ['login-limited', 429, 8],
    ['server-unreachable', 503, 9],
    ['unexpected', 500, 1],
  ])('%s (%i) ends with %i', (code, status, exit) => expect(exitOfProblem({ code, status })).toBe(exit));

  it('tell an undone run from a broken and from a good one', () => {
    expect((['done', 'undone', 'broken', 'cancelled', 'queued'] as const).map((state) => exitOfRun({ state }))).toEqual(
      [0, 10, 11, 12, 0],
    );
  });
});

describe('siappakai', () => {
  it('sends the token and the language, and prints JSON and nothing else when asked', async () => {
    const body = {
      items: [{ code: '3303', name: 'Purbalingga', provinsiName: 'Jawa Tengah', desaCount: 2 }],
      total: 1,
    };
    const api = new FakeDashboard({ 'GET /kabupaten': () => json(body) });
    const terminal = fakeTerminal(api);
    expect(await siappakai(['kabupaten', 'list', '--json', '--lang', 'en'], terminal)).toBe(EXIT.done);
    expect(JSON.parse(terminal.said.out.join('\n'))).toEqual(body);
    expect(api.asked[0]!.headers.get('authorization')).toBe('Bearer token');
    expect(api.asked[0]!.headers.get('accept-language')).toBe('en');
  });

  it('tells a problem on the error stream, with its code, and exits by it', async () => {
    const terminal = fakeTerminal(new FakeDashboard({ 'GET /desa/3303012001': () => problem('desa-unknown', 404) }));
    expect(await siappakai(['desa', 'show', '33.03.01.2001'], terminal)).toBe(EXIT.unknown);
    expect(terminal.said).toEqual({ out: [], error: ['T. D. H. [desa-unknown]'] });
  });

  it('says so when nobody answers', async () => {
    const terminal = fakeTerminal(new FakeDashboard({}));
    expect(await siappakai(['kabupaten', 'list'], terminal)).toBe(EXIT.unavailable);
    expect(terminal.said.error[0]).toContain('http://dasbor.test');
  });

  it('exits with 2 for words it does not know, 0 for help', async () => {
    const terminal = fakeTerminal(new FakeDashboard({}));
    expect(await siappakai(['desa', 'dance'], terminal)).toBe(EXIT.usage);
    expect(await siappakai(['desa', 'add', '3303012001'], terminal)).toBe(EXIT.usage);
    expect(await siappakai(['--help'], terminal)).toBe(EXIT.done);
  });

  it('follows a run over a broken connection without losing or repeating a line, and exits by its end', async () => {
    const api = new FakeDashboard({
      'POST /desa/3303012001/install': () => json(run('queued'), 202),
      'GET /runs/a/events': [
        () => events('retry: 2000\n\n', event('run', run('running')), event('log', line(1, 'satu'), 1)),
        ({ headers }) =>
          events(event('log', line(2, `sesudah ${headers.get('last-event-id')}`), 2), event('run', run('undone'))),
      ],
    });
    const terminal = fakeTerminal(api);
    expect(await siappakai(['desa', 'install', '3303012001', '--follow', '--lang', 'en'], terminal)).toBe(EXIT.undone);
    expect(terminal.said.out.map((each) => each.replace(/^[\d:]+ /, ''))).toEqual([
      'place-site: satu',
      'place-site: sesudah 1',
      'install opensid 33.03.01.2001 Kedungbanteng: undone, all is as before',
    ]);
  });

  it('shows the plan of a dry run, step by step', async () => {
    const steps = [
      { name: 'place-site', says: ['would write 3 files'], undoReason: null, problem: null },
      { name: 'route-desa', says: [], undoReason: null, problem: null },
    ];
    const api = new FakeDashboard({
      'POST /desa/3303012001/update': ({ body }) =>
        json(run((body as { dryRun: boolean }).dryRun ? 'queued' : 'broken'), 202),
      'GET /runs/a/events': () => events(event('run', run('done', { verb: 'update', steps }))),
    });
    const terminal = fakeTerminal(api);
    expect(
      await siappakai(
        ['desa', 'update', '3303012001', '--version', 'v2410.0.0', '--dry-run', '--lang', 'en'],
        terminal,
      ),
    ).toBe(EXIT.done);
    expect(terminal.said.out).toEqual([
      'Plan (nothing is changed): update 33.03.01.2001 Kedungbanteng',
      ' 1. place-site',
      '      would write 3 files',
      ' 2. route-desa',
      '      already so',
    ]);
  });

  it('removes nothing before the code was typed a second time', async () => {
    const api = new FakeDashboard({ 'POST /desa/3303012001/remove': () => json(run('queued')) });
    expect(await siappakai(['desa', 'remove', '3303012001'], fakeTerminal(api))).toBe(EXIT.invalid);
    expect(api.asked).toEqual([]);
    const person = fakeTerminal(api, { isInteractive: true, ask: () => Promise.resolve('33.03.01.2001') });
    expect(await siappakai(['desa', 'remove', '3303012001'], person)).toBe(EXIT.done);
    expect(api.asked[0]!.body).toEqual({ dryRun: false, confirm: '3303012001' });
  });

  it('imports a CSV and exits with 7 when rows were refused and nothing was taken', async () => {
    const report = {
      accepted: 1,
      refused: 1,
      applied: false,
      rows: [
        { line: 2, code: '3303012001', domain: 'a', problem: null },
        { line: 3, code: 'x', domain: 'b', problem: 'kode salah' },
      ],
    };
    const api = new FakeDashboard({ 'POST /desa/import': () => json(report) });
    const terminal = fakeTerminal(api, { input: () => Promise.resolve('kode,domain\n') });
    expect(await siappakai(['desa', 'import', '-'], terminal)).toBe(EXIT.invalid);
    expect(api.asked[0]!.body).toEqual({ csv: 'kode,domain\n', onlyGood: false, dryRun: false });
    expect(terminal.said.out.at(-1)).toBe('1 baris baik, 1 ditolak. Tidak ada yang diubah.');
  });
});

describe('siappakai login', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sp-cli-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps a token where its owner alone reads it, never the password, and ends the session', async () => {
    const cookie = (): Response =>
      new Response(JSON.stringify({ username: 'admin', kabupaten: [] }), {
        headers: { 'set-cookie': 'siappakai_session=s; HttpOnly' },
      });
    const api = new FakeDashboard({
      'POST /session': cookie,
      'POST /tokens': () => json({ token: 'tok', expiresAt: '2027-01-01T00:00:00.000Z' }, 201),
      'DELETE /session': () => new Response(null, { status: 204 }),
      'GET /kabupaten': () => json({ items: [], total: 0 }),
    });
    const terminal = fakeTerminal(api, {
      environment: {},
      home: folder,
      input: () => Promise.resolve('sandi rahasia\n'),
    });
    expect(await siappakai(['login', 'http://dasbor.test/'], terminal)).toBe(EXIT.done);
    const file = join(folder, '.config', 'siappakai', 'access.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ url: 'http://dasbor.test', token: 'tok' });
    expect(api.asked[0]!.body).toEqual({ username: 'admin', password: 'sandi rahasia' });
    expect(api.asked[1]!.headers.get('cookie')).toBe('siappakai_session=s');
    expect(await siappakai(['kabupaten', 'list'], terminal)).toBe(EXIT.done);
    expect(api.asked.at(-1)!.headers.get('authorization')).toBe('Bearer tok');
  });
});

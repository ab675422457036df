import type { Drift, DriftList } from '#libs/contract/looks.js';
import { EXIT } from './exit-codes.js';
import { events, FakeDashboard, fakeTerminal, json, problem } from './fake-dashboard.js';
import { siappakai } from './program.js';

const drift = (id: string, more: Partial<Drift> = {}): Drift => ({
  id,
  kabupatenId: 'k',
  server: 'pusat',
  kind: 'route-missing',
  subject: '33.03.01.2001 Kedungbanteng',
  title: 'The route is missing',
  detail: 'kedung.desa.id leads nowhere.',
  hint: 'Repair: the route is put back.',
  evidence: { domain: 'kedung.desa.id' },
  firstSeenAt: '2026-01-01T00:00:00.000Z',
  lastSeenAt: '2026-01-01T00:01:00.000Z',
  goneAt: null,
  repairedBy: 'desa',
  isSafe: true,
  repair: null,
  ...more,
});
const listOf = (...open: Drift[]): DriftList => ({
  open,
  gone: [],
  looks: [{ server: 'pusat', lookedAt: '2026-01-01T00:01:00.000Z', seconds: 1, problem: 'look-late' }],
});
const run = (id: string, state: string, steps: unknown[] = []) => ({
  ...{ id, verb: 'repair', app: 'opensid', subjectLabel: 'Kedungbanteng', state, waiting: null, problem: null, steps },
});
const ended = (id: string, steps: unknown[]) =>
  events(`event: run\ndata: ${JSON.stringify(run(id, 'done', steps))}\n\n`);
const step = { name: 'switch-route', says: ['route kedung.desa.id'], undoReason: null, problem: null };

const say = async (api: FakeDashboard, ...argv: string[]) => {
  const terminal = fakeTerminal(api);
  return { exit: await siappakai([...argv, '--lang', 'en'], terminal), ...terminal.said };
};

describe('siappakai drift', () => {
  it('lists what drifts, what it means, what to do, and when each server was looked at', async () => {
    const api = new FakeDashboard({ 'GET /drift?server=pusat': () => json(listOf(drift('a'))) });
    const { exit, out } = await say(api, 'drift', 'list', '--server', 'pusat');
    expect(exit).toBe(EXIT.done);
    expect(out[1]).toMatch(/^pusat +The route is missing +33.03.01.2001 Kedungbanteng/);
    expect(out.slice(2, 4)).toEqual([
      '- 33.03.01.2001 Kedungbanteng: kedung.desa.id leads nowhere.',
      '  Repair: the route is put back.',
    ]);
    expect(out.at(-1)).toMatch(/^looked at pusat: .*failed: look-late$/);
  });

  it('says so when nothing drifts', async () => {
    const { out } = await say(new FakeDashboard({ 'GET /drift': () => json(listOf()) }), 'drift', 'list');
    expect(out[0]).toBe('Nothing drifts.');
  });

  it('repairs one, and shows the plan first when asked', async () => {
    const api = new FakeDashboard({
      'POST /drift/a/repair': ({ body }) =>
        json(run((body as { dryRun: boolean }).dryRun ? 'dry' : 'real', 'queued'), 202),
      'GET /runs/dry/events': () => ended('dry', [step]),
      'GET /runs/real/events': () => ended('real', []),
    });
    expect((await say(api, 'drift', 'repair', 'a', '--dry-run')).out).toEqual([
      'Plan (nothing is changed): repair Kedungbanteng',
      ' 1. switch-route',
      '      route kedung.desa.id',
    ]);
    const { exit, out } = await say(api, 'drift', 'repair', 'a', '--follow');
    expect([exit, out]).toEqual([EXIT.done, ['repair opensid Kedungbanteng: done']]);
    expect(api.asked.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual([
      { dryRun: true },
      { dryRun: false },
    ]);
  });

  it('repairs all, tells what was left and why, and exits as partly done', async () => {
    const reason = {
      type: '',
      title: 'One by one',
      detail: 'D.',
      hint: 'H.',
      status: 409,
      code: 'drift-one-by-one',
      data: {},
    };
    const left = [{ id: 'b', subject: 'sp-asing', problem: reason }];
    const api = new FakeDashboard({ 'POST /drift/repair': () => json({ runs: [run('r', 'queued')], left }, 202) });
    const { exit, out } = await say(api, 'drift', 'repair', '--all', '--server', 'pusat');
    expect(exit).toBe(EXIT.partly);
    expect(out[1]).toBe('sp-asing: One by one. D. H.');
    expect(api.asked[0]!.body).toEqual({ server: 'pusat' });
  });

  it('plans all one after the other, without what a person does', async () => {
    const api = new FakeDashboard({
      'GET /drift': () =>
        json(listOf(drift('a'), drift('b', { repairedBy: null }), drift('c', { kind: 'container-unknown' }))),
      'POST /drift/a/repair': () => json(run('dry', 'queued'), 202),
      'GET /runs/dry/events': () => ended('dry', [step]),
    });
    const { exit, out } = await say(api, 'drift', 'repair', '--all', '--dry-run');
    expect([exit, out[0]]).toEqual([EXIT.done, 'Plan (nothing is changed): repair Kedungbanteng']);
  });

  it('wants an id or --all, not both, not neither', async () => {
    const api = new FakeDashboard({});
    expect((await say(api, 'drift', 'repair')).exit).toBe(EXIT.usage);
    expect((await say(api, 'drift', 'repair', 'a', '--all')).exit).toBe(EXIT.usage);
    expect(api.asked).toEqual([]);
  });

  it('exits by the problem when a drift is gone already', async () => {
    const api = new FakeDashboard({ 'POST /drift/a/repair': () => problem('drift-unknown', 404) });
    expect((await say(api, 'drift', 'repair', 'a')).exit).toBe(EXIT.unknown);
  });

  it('shows and sets what is repaired by itself', async () => {
    const api = new FakeDashboard({
      'GET /drift/policies/3303': () => json({ kabupaten: '3303', byItself: 'none' }),
      'PUT /drift/policies/3303': ({ body }) => json({ kabupaten: '3303', ...(body as object) }),
    });
    expect((await say(api, 'drift', 'policy', '33.03')).out.join('\n')).toContain('none');
    expect((await say(api, 'drift', 'policy', '33.03', '--by-itself', 'safe')).out.join('\n')).toContain('safe');
  });
});

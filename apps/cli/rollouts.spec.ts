import { events, FakeDashboard, fakeTerminal, json, problem } from './fake-dashboard.js';
import { EXIT } from './exit-codes.js';
import { siappakai } from './program.js';
import { exitOfRollout } from './rollout-text.js';

const counts = (more: object = {}) => ({ waiting: 0, running: 0, done: 0, failed: 0, held: 0, already: 0, ...more });
const rollout = (more: object = {}) => ({
  id: 'r1',
  gabungan: 'satu',
  app: 'opensid',
  version: 'v2602.0.0',
  state: 'running',
  phase: 'waves',
  planHash: 'h',
  problem: null,
  waves: [{ position: 0, state: 'running', counts: counts({ done: 1, running: 2 }) }],
  failures: [],
  desa: [],
  rehearsal: null,
  ...more,
});
const event = (body: unknown): string => `event: rollout\ndata: ${JSON.stringify(body)}\n\n`;
const english = ['--lang', 'en'];

describe('siappakai rollout', () => {
  it('sends the wish as the contract wants it, and prints the hash that is approved', async () => {
    const planned = { gabungan: 'satu', app: 'opensid', version: 'v2602.0.0', predictedSeconds: 61, problems: [] };
    const desa = {
      ...{ desaId: 'd', code: '3303012001', name: 'Kedungbanteng', kecamatan: 'k', server: 'satu', from: 'v2601.0.0' },
      ...{ to: 'v2602.0.0', wave: 0, blockers: [], isAlready: false },
    };
    const api = new FakeDashboard({
      'POST /rollouts/plan': () => json({ ...planned, desa: [desa], id: 'r1', planHash: 'abc', seed: 5 }),
    });
    const terminal = fakeTerminal(api);
    const wish = ['--gabungan', 'satu', '--to', 'v2602.0.0', '--waves', '1,5%,100%', '--canary', '33.03.01.2001'];
    const more = ['--stop-after-failures', '2', '--four-eyes', '--seed', '5'];
    expect(await siappakai(['rollout', 'plan', ...wish, ...more, ...english], terminal)).toBe(EXIT.done);
    expect(api.asked[0]!.body).toEqual({
      gabungan: 'satu',
      version: 'v2602.0.0',
      seed: 5,
      settings: {
        waves: [{ count: 1 }, { percent: 5 }, { percent: 100 }],
        canary: ['3303012001'],
        fourEyes: true,
        stopAfter: { failures: 2 },
      },
    });
    expect(terminal.said.out).toContain('hash  abc');
    expect(terminal.said.out.join('\n')).toContain('33.03.01.2001');
  });

  it('refuses waves that it cannot read before it asks anybody', async () => {
    const api = new FakeDashboard({});
    const wish = ['--gabungan', 'satu', '--to', 'v2602.0.0', '--waves', 'all'];
    expect(await siappakai(['rollout', 'plan', ...wish], fakeTerminal(api))).toBe(EXIT.usage);
    expect(api.asked).toEqual([]);
  });

  it('approves a hash, and acts by the words of the house', async () => {
    const answers = Object.fromEntries(
      ['approve', 'start', 'pause', 'resume', 'stop', 'release-gate'].map((act) => [
        `POST /rollouts/r1/${act}`,
        () => json(rollout()),
      ]),
    );
    const api = new FakeDashboard(answers);
    expect(await siappakai(['rollout', 'approve', 'r1'], fakeTerminal(api))).toBe(EXIT.usage);
    expect(await siappakai(['rollout', 'approve', 'r1', '--hash', 'h'], fakeTerminal(api))).toBe(EXIT.done);
    expect(api.asked[0]!.body).toEqual({ hash: 'h' });
    for (const verb of ['start', 'pause', 'resume', 'stop', 'release'])
      expect(await siappakai(['rollout', verb, 'r1'], fakeTerminal(api))).toBe(EXIT.done);
    expect(api.asked.at(-1)!.path).toBe('/rollouts/r1/release-gate');
  });

  it('retries every desa that failed when none is named', async () => {
    const failures = [{ signature: 's', problem: {}, desa: ['3303012001', '3303012002'] }];
    const api = new FakeDashboard({
      'GET /rollouts/r1': () => json(rollout({ failures })),
      'POST /rollouts/r1/retry': () => json(rollout()),
      'POST /rollouts/r1/hold': () => json(rollout()),
    });
    await siappakai(['rollout', 'retry', 'r1'], fakeTerminal(api));
    expect(api.asked.at(-1)!.body).toEqual({ desa: ['3303012001', '3303012002'] });
    await siappakai(['rollout', 'hold', 'r1', '--desa', '3303012001', '--reason', 'rusak'], fakeTerminal(api));
    expect(api.asked.at(-1)!.body).toEqual({ desa: ['3303012001'], reason: 'rusak' });
  });

  it('watches over a broken connection until it waits for a person, and exits by that', async () => {
    const paused = rollout({
      state: 'paused',
      problem: { code: 'wave-failed', title: 'T', detail: 'D.', hint: 'H.' },
      waves: [{ position: 0, state: 'failed', counts: counts({ failed: 1, done: 2 }) }],
    });
    const api = new FakeDashboard({
      'GET /rollouts/r1/events': [
        () => events('retry: 2000\n\n', event(rollout()), event(rollout())),
        () => events(event(rollout()), event(paused)),
      ],
    });
    const terminal = fakeTerminal(api);
    expect(await siappakai(['rollout', 'watch', 'r1', ...english], terminal)).toBe(EXIT.partly);
    expect(terminal.said).toEqual({
      out: [
        'satu opensid v2602.0.0: running: 1 done, 2 running, 0 waiting, 0 failed',
        'satu opensid v2602.0.0: paused: 2 done, 0 running, 0 waiting, 1 failed',
      ],
      error: ['T. D. H.'],
    });
  });

  it.each([
    ['finished', 0, EXIT.done],
    ['finished', 1, EXIT.partly],
    ['paused', 0, EXIT.partly],
    ['stopped', 0, EXIT.cancelled],
    ['draft', 0, EXIT.done],
  ])('that is %s with %i failed exits with %i', (state, failed, exit) =>
    expect(exitOfRollout(rollout({ state, waves: [{ counts: counts({ failed }) }] }) as never)).toBe(exit),
  );
});

describe('siappakai hold', () => {
  it('adds with a reason and an end, and removes by the code of the desa', async () => {
    const held = { id: 'h1', code: '3303012001', name: 'K', reason: 'pilkades', until: null, askedBy: 'a' };
    const api = new FakeDashboard({
      'POST /holds': () => json(held, 201),
      'GET /holds': () => json({ items: [held], total: 1 }),
      'DELETE /holds/h1': () => new Response(null, { status: 204 }),
    });
    const add = ['hold', 'add', '33.03.01.2001', '--reason', 'pilkades', '--until', '2026-12-01T00:00:00+07:00'];
    expect(await siappakai(add, fakeTerminal(api))).toBe(EXIT.done);
    expect(api.asked[0]!.body).toEqual({ desa: '3303012001', reason: 'pilkades', until: '2026-11-30T17:00:00.000Z' });
    expect(await siappakai(['hold', 'remove', '33.03.01.2001'], fakeTerminal(api))).toBe(EXIT.done);
    expect(api.asked.at(-1)!.method).toBe('DELETE');
    expect(await siappakai(['hold', 'add', '3303012001'], fakeTerminal(api))).toBe(EXIT.usage);
  });
});

describe('siappakai policy and release', () => {
  it('changes what is said and keeps the rest of the rules', async () => {
    const rules = {
      isOn: false,
      edition: 'umum',
      daysOut: 7,
      canary: [],
      needsYes: true,
      skipMonths: [],
      settings: {},
    };
    const window = { from: '22:00', to: '04:00', days: [1, 2] };
    const shown = { kabupaten: '3303', app: 'opensid', rules: { ...rules, window }, notes: [] };
    const api = new FakeDashboard({
      'GET /policies/3303/opensid': () => json(shown),
      'PUT /policies/3303/opensid': ({ body }) => json({ ...shown, rules: body }),
    });
    const set = ['policy', 'set', '33.03', '--on', '--days', 'mon,sat', '--needs-yes', 'no', '--days-out', '3'];
    expect(await siappakai(set, fakeTerminal(api))).toBe(EXIT.done);
    const wanted = { isOn: true, daysOut: 3, needsYes: false, window: { ...window, days: [1, 6] } };
    expect(api.asked.at(-1)!.body).toEqual({ ...rules, ...wanted });
  });

  it('lists why, by whom and when a release was withdrawn', async () => {
    const withdrawal = { reason: 'merusak halaman depan', by: 'kepala', at: '2026-03-04T05:06:07.000Z' };
    const release = {
      app: 'opensid',
      version: 'v2602.0.0',
      edition: 'umum',
      state: 'withdrawn',
      php: '8.2',
      usedBy: 0,
    };
    const items = [{ ...release, builtAt: null, withdrawal }];
    const terminal = fakeTerminal(new FakeDashboard({ 'GET /releases': () => json({ items, total: 1 }) }));
    expect(await siappakai(['release', 'list'], terminal)).toBe(EXIT.done);
    expect(terminal.said.out[1]).toContain('2026-03-04 kepala: merusak halaman depan');
  });

  it('withdraws with a reason, and not without one', async () => {
    const api = new FakeDashboard({
      'POST /releases/opensid/v2602.0.0/withdraw': () => problem('scope-too-narrow', 403),
    });
    const words = ['release', 'withdraw', 'opensid', 'v2602.0.0'];
    expect(await siappakai(words, fakeTerminal(api))).toBe(EXIT.usage);
    expect(await siappakai([...words, '--reason', 'rusak sekali'], fakeTerminal(api))).toBe(EXIT.forbidden);
    expect(api.asked[0]!.body).toEqual({ reason: 'rusak sekali' });
  });
});

import { FakeDashboard, fakeTerminal, json, problem } from './fake-dashboard.js';
import { EXIT } from './exit-codes.js';
import { siappakai } from './program.js';

const run = (verb: string) => ({
  ...{ id: 'r1', verb, app: 'opensid', subjectLabel: 'satu', state: 'queued', waiting: null, problem: null, steps: [] },
});
const english = ['--lang', 'en'];

describe('siappakai gabungan', () => {
  it('asks for a dump, and lists the dumps with why each is kept', async () => {
    const dump = (id: string, keep: string | null) => ({
      ...{ id, kind: 'manual', version: 'v2602.0.0', bytes: 3 * 2 ** 20 - 1 },
      ...{ verifiedAt: '2026-03-04T00:00:00.000Z', createdAt: '2026-03-04T00:00:00.000Z', keep },
    });
    const items = [dump('b3', 'newest'), dump('b2', 'rollout'), dump('b1', null)];
    const api = new FakeDashboard({
      'POST /gabungan/satu/backup': () => json(run('backup'), 202),
      'GET /gabungan/satu/backups': () => json({ items, total: 3 }),
    });
    const terminal = fakeTerminal(api);
    expect(await siappakai(['gabungan', 'backup', 'satu', ...english], terminal)).toBe(EXIT.done);
    expect(terminal.said.out[0]).toContain('backup opensid satu: queued');
    expect(await siappakai(['gabungan', 'backups', 'satu', ...english], terminal)).toBe(EXIT.done);
    expect(terminal.said.out.slice(2)).toEqual([
      expect.stringMatching(/^b3 .* 3 +among the newest/),
      expect.stringMatching(/^b2 .* a rollout stands on it/),
      expect.stringMatching(/^b1 .* goes next/),
    ]);
  });

  it('puts a dump back only with the code of the kabupaten, and exits by what the dashboard says', async () => {
    const api = new FakeDashboard({
      'POST /gabungan/satu/restore': [() => problem('restore-confirm-differs', 422), () => json(run('restore'), 202)],
    });
    const words = ['gabungan', 'restore', 'satu', 'b1'];
    expect(await siappakai(words, fakeTerminal(api))).toBe(EXIT.usage);
    expect(api.asked).toEqual([]);
    expect(await siappakai([...words, '--confirm', '99.99'], fakeTerminal(api))).toBe(EXIT.invalid);
    expect(await siappakai([...words, '--confirm', '33.03'], fakeTerminal(api))).toBe(EXIT.done);
    expect(api.asked.at(-1)!.body).toEqual({ backup: 'b1', confirm: '33.03' });
  });

  it('lists what restores kept, and lets one go only with the code of the kabupaten', async () => {
    const kept = { id: 'k1', database: 'gab_satu_lama_k1', keptAt: '2026-03-04T00:00:00.000Z', restoredBy: 'kepala' };
    const api = new FakeDashboard({
      'GET /gabungan/satu/kept': () => json({ items: [{ ...kept, version: null }], total: 1 }),
      'POST /gabungan/satu/kept/k1/drop': () => json(run('let-go'), 202),
    });
    const terminal = fakeTerminal(api);
    expect(await siappakai(['gabungan', 'kept', 'list', 'satu'], terminal)).toBe(EXIT.done);
    expect(terminal.said.out[1]).toMatch(/^k1 +gab_satu_lama_k1 .*kepala$/);
    const words = ['gabungan', 'kept', 'drop', 'satu', 'k1'];
    expect(await siappakai(words, fakeTerminal(api))).toBe(EXIT.usage);
    expect(await siappakai([...words, '--confirm', '33.03'], fakeTerminal(api))).toBe(EXIT.done);
    expect(api.asked.at(-1)!.body).toEqual({ confirm: '3303' });
  });

  it('says how many dumps are kept', async () => {
    const api = new FakeDashboard({
      'PATCH /gabungan/satu': () => json({ name: 'satu', keepBackups: 3, checkedAt: null }),
    });
    expect(await siappakai(['gabungan', 'keep', 'satu', '3'], fakeTerminal(api))).toBe(EXIT.done);
    expect(api.asked[0]!.body).toEqual({ keepBackups: 3 });
  });
});

describe('siappakai subscription', () => {
  it('is of a desa or of a kabupaten by the length of the code, and none takes it away', async () => {
    const desa = { code: '3303012001', name: 'K', subscription: { endsOn: '2026-12-31', isOwn: false } };
    const api = new FakeDashboard({
      'PATCH /desa/3303012001': () => json(desa),
      'PATCH /kabupaten/3303': () => json({ code: '3303', name: 'P', subscriptionEndsOn: '2026-12-31' }),
    });
    const terminal = fakeTerminal(api);
    expect(await siappakai(['subscription', 'set', '33.03', '2026-12', ...english], terminal)).toBe(EXIT.done);
    expect(await siappakai(['subscription', 'set', '33.03.01.2001', 'none', ...english], terminal)).toBe(EXIT.done);
    expect(api.asked.map(({ body }) => body)).toEqual([{ subscriptionEnd: '2026-12' }, { subscriptionEnd: null }]);
    expect(terminal.said.out.at(-1)).toBe('subscription  2026-12-31 (of the kabupaten)');
  });
});

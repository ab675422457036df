import type { Place } from '#libs/contract/places.js';
import { EXIT } from './exit-codes.js';
import { FakeDashboard, fakeTerminal, json, problem } from './fake-dashboard.js';
import { siappakai } from './program.js';

const place = (server: string, more: Partial<Place> = {}): Place => ({
  id: server,
  server,
  labels: [],
  drainReason: null,
  desaCount: 3,
  atOnce: 4,
  left: 0.42,
  lacks: [],
  ...more,
});
const nothing = (): Response => new Response(null, { status: 204 });
const say = async (api: FakeDashboard, ...argv: string[]) => {
  const terminal = fakeTerminal(api);
  return { exit: await siappakai([...argv, '--lang', 'en'], terminal), ...terminal.said };
};

describe('siappakai server, as places for desa', () => {
  it('lists what each server has left or lacks, best first', async () => {
    const items = [
      place('dua', { labels: ['ssd'] }),
      place('satu', { lacks: [{ of: 'memory', neededBytes: 64 * 2 ** 20, spareBytes: 2 ** 20 }, { of: 'draining' }] }),
    ];
    const api = new FakeDashboard({ 'GET /kabupaten/3303/places?labels=ssd': () => json({ items, total: 2 }) });
    const { exit, out } = await say(api, 'server', 'places', '--kabupaten', '33.03', '--label', 'ssd');
    expect(exit).toBe(EXIT.done);
    expect(out.slice(1)).toEqual([
      expect.stringMatching(/^dua +ssd +3 +4 +42 %/),
      expect.stringMatching(/^satu +– +3 +4 +42 % +too little memory: needs 64 MiB, 1 MiB to spare; being drained/),
    ]);
  });

  it('drains a server with its reason, takes it back, gives it labels and a limit', async () => {
    const api = new FakeDashboard({
      'POST /servers/dua/drain': nothing,
      'DELETE /servers/dua/drain': nothing,
      'PUT /servers/dua/labels': nothing,
      'PUT /servers/dua/limit': nothing,
    });
    expect((await say(api, 'server', 'drain', 'dua', '--reason', 'mesin diganti')).exit).toBe(EXIT.done);
    expect((await say(api, 'server', 'undrain', 'dua')).exit).toBe(EXIT.done);
    expect((await say(api, 'server', 'label', 'dua', '--labels', 'ssd,ups')).out).toEqual(['dua: ssd, ups']);
    expect((await say(api, 'server', 'limit', 'dua', '--at-once', '8')).out).toEqual(['dua: 8']);
    expect(api.asked.map(({ body }) => body)).toEqual([
      { reason: 'mesin diganti' },
      undefined,
      { labels: ['ssd', 'ups'] },
      { atOnce: 8 },
    ]);
  });

  it('moves all who live there when they fit, and drains nothing when they do not', async () => {
    const plan = { moves: [{ code: '3303012001', name: 'Kurai', app: 'opensid', to: 'tiga', runId: null }], left: [] };
    const begun = { ...plan, moves: [{ ...plan.moves[0], runId: 'run-1' }] };
    const drain = ['server', 'drain', 'dua', '--reason', 'mesin diganti', '--move'];
    const api = new FakeDashboard({
      'POST /servers/dua/moves': [() => json(plan, 202), () => json(begun, 202)],
      'POST /servers/dua/drain': nothing,
    });
    const { exit, out } = await say(api, ...drain);
    expect([exit, out[1]]).toEqual([EXIT.done, expect.stringMatching(/^33.03.01.2001 +Kurai +opensid +tiga +run-1$/)]);
    expect(api.asked.map(({ path, body }) => [path, body])).toEqual([
      ['/servers/dua/moves', { dryRun: true }],
      ['/servers/dua/drain', { reason: 'mesin diganti' }],
      ['/servers/dua/moves', { dryRun: false }],
    ]);
    const full = new FakeDashboard({ 'POST /servers/dua/moves': () => problem('moves-do-not-fit', 409) });
    expect((await say(full, ...drain)).exit).toBe(EXIT.conflict);
    expect(full.asked.length).toBe(1);
    const dry = new FakeDashboard({ 'POST /servers/dua/moves': () => json(plan, 202) });
    expect((await say(dry, ...drain, '--dry-run')).exit).toBe(EXIT.done);
    expect(dry.asked.length).toBe(1);
  });

  it('tells which moves could not be asked for', async () => {
    const stuck = { code: '3303012001', name: 'Kurai', app: 'opensid', problem: { title: 'Busy' } };
    const api = new FakeDashboard({
      'POST /servers/dua/moves': () => json({ moves: [], left: [stuck] }, 202),
      'POST /servers/dua/drain': nothing,
    });
    const { exit, out } = await say(api, 'server', 'drain', 'dua', '--reason', 'mesin diganti', '--move');
    expect([exit, out.at(-1)]).toEqual([EXIT.partly, '33.03.01.2001 Kurai: Busy']);
  });

  it('asks for a move and for the end of what is kept', async () => {
    const api = new FakeDashboard({
      'POST /desa/3303012001/move': () => json({ id: 'r', state: 'queued' }, 202),
      'POST /desa/3303012001/settle': () => json({ id: 's', state: 'queued' }, 202),
    });
    await say(api, 'desa', 'move', '33.03.01.2001', '--server', 'tiga');
    await say(api, 'desa', 'settle', '33.03.01.2001');
    expect(api.asked.map(({ body }) => body)).toEqual([{ dryRun: false, server: 'tiga' }, { dryRun: false }]);
  });

  it('asks for labels when a desa is installed', async () => {
    const api = new FakeDashboard({ 'POST /desa/3303012001/install': () => json({ id: 'r', state: 'queued' }, 202) });
    await say(api, 'desa', 'install', '33.03.01.2001', '--label', 'ssd,ups');
    expect(api.asked[0]?.body).toMatchObject({ labels: ['ssd', 'ups'] });
  });
});

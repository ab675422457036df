import type { Place } from '#libs/contract/places.js';
import { EXIT } from './exit-codes.js';
import { FakeDashboard, fakeTerminal, json } from './fake-dashboard.js';
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

  it('asks for labels when a desa is installed', async () => {
    const api = new FakeDashboard({ 'POST /desa/3303012001/install': () => json({ id: 'r', state: 'queued' }, 202) });
    await say(api, 'desa', 'install', '33.03.01.2001', '--label', 'ssd,ups');
    expect(api.asked[0]?.body).toMatchObject({ labels: ['ssd', 'ups'] });
  });
});

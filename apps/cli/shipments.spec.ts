import { EXIT } from './exit-codes.js';
import { FakeDashboard, fakeTerminal, json } from './fake-dashboard.js';
import { siappakai } from './program.js';

const run = (server: string, state = 'queued') => ({
  ...{ id: server, verb: 'ship', app: 'opensid', subjectLabel: server, state },
  ...{ waiting: null, problem: null, steps: [] },
});
const say = async (api: FakeDashboard, ...argv: string[]) => {
  const terminal = fakeTerminal(api);
  return { exit: await siappakai([...argv, '--lang', 'en'], terminal), ...terminal.said };
};
const shipping = (items: object[]) =>
  new FakeDashboard({ 'POST /releases/opensid/v2601.0.0/ship': () => json({ items, total: items.length }, 202) });

describe('siappakai release ship', () => {
  it('tells a run for each server', async () => {
    const api = shipping([run('satu'), run('dua')]);
    const { exit, out } = await say(api, 'release', 'ship', 'opensid', 'v2601.0.0');
    expect([exit, api.asked[0]?.body]).toEqual([EXIT.done, {}]);
    expect(out.map((line) => line.split(':')[0])).toEqual(['ship opensid satu', 'ship opensid dua']);
  });

  it('names one server, and ends as the worst of its runs', async () => {
    const api = shipping([run('satu', 'undone'), run('dua', 'done')]);
    const { exit } = await say(api, 'release', 'ship', 'opensid', 'v2601.0.0', '--server', 'satu');
    expect([exit, api.asked[0]?.body]).toEqual([EXIT.undone, { server: 'satu' }]);
  });
});

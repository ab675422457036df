import { OFF, type HttpsSettings } from '#libs/gateway/https.js';
import type { Route } from '#libs/gateway/gateway-port.js';
import { Calls } from '#test/fakes/calls.js';
import { carried, takenUp } from '#test/fakes/carried.js';
import { httpsTools, type HttpsWorld } from '#test/fakes/fake-https.js';
import type { HttpsTarget } from '../https-target.js';
import { changeHttps } from './server.recipes.js';

const route = (domain: string): Route => ({ domain, site: 'd1', to: 'maintenance', deny: [], uploadMiB: 2 });
const OWN: HttpsSettings = { way: 'own', trustedProxies: [], certificates: ['c1'] };
const ACME: HttpsSettings = { way: 'acme', email: 'a@b.id', trustedProxies: ['10.0.0.0/8'], certificates: [] };

const worldWith = (settings: HttpsSettings, more: Partial<HttpsWorld> = {}): HttpsWorld => ({
  container: { isRunning: true, opensHttps: settings.way !== 'off' },
  told: settings,
  joined: ['sp-net-satu'],
  routes: [route('a.kab.test')],
  recorded: settings,
  shows: ['AA'],
  ...more,
});
const targetTo = (wanted: HttpsSettings): HttpsTarget => ({
  ...{ id: 's', name: 'pusat', gateway: 'sp-gateway-pusat', networks: ['sp-net-satu'], wanted },
  routes: [route('a.kab.test')],
  certificates: wanted.way === 'own' ? [{ names: ['*.kab.test'], fingerprint: 'AA' }] : [],
});
const aim = (world: HttpsWorld, wanted: HttpsSettings) => ({
  recipe: changeHttps,
  target: targetTo(wanted),
  tools: httpsTools(world),
});

describe.each([
  ['from HTTP to a given certificate', OFF, OWN],
  ['from HTTP to automatic ones', OFF, ACME],
  ['from a given certificate to automatic ones, without a new container', OWN, ACME],
  ['back to HTTP', ACME, OFF],
])('%s', (_name, from, to) => {
  it('ends told and recorded', async () => {
    const world = worldWith(from);
    const { journal } = await carried(aim(world, to));
    expect([journal.state, journal.problem]).toEqual(['done', undefined]);
    expect(world).toEqual(worldWith(to));
  });

  it('with any one call to the world failing ends done, or undone with the world as before', async () => {
    const { calls } = await carried(aim(worldWith(from), to));
    expect(calls).toBeGreaterThan(5);
    for (const afterwards of [false, true])
      for (let failAt = 1; failAt <= calls; failAt += 1) {
        const world = worldWith(from);
        const { journal } = await carried(aim(world, to), new Calls({ failAt, afterwards }));
        expect([failAt, afterwards, ['done', 'undone'].includes(journal.state)]).toEqual([failAt, afterwards, true]);
        expect(world).toEqual(worldWith(journal.state === 'done' ? to : from));
      }
  });

  it('a worker that dies at any call is followed by one that ends it', async () => {
    const { calls } = await carried(aim(worldWith(from), to));
    for (const afterwards of [false, true])
      for (let failAt = 1; failAt <= calls; failAt += 1) {
        const world = worldWith(from);
        const journal = await takenUp(aim(world, to), { failAt, afterwards });
        expect([failAt, afterwards, journal.state]).toEqual([failAt, afterwards, 'done']);
        expect(world).toEqual(worldWith(to));
      }
  });
});

it('a gateway that shows another certificate is put back', async () => {
  const world = worldWith(OFF, { shows: ['BB', 'AA'] });
  const { journal } = await carried(aim(world, OWN));
  expect([journal.state, journal.problem?.code]).toEqual(['undone', 'https-not-served']);
  expect(world).toEqual(worldWith(OFF, { shows: ['BB', 'AA'] }));
});

describe('the plan', () => {
  const plan = async (world: HttpsWorld, target: HttpsTarget): Promise<string[]> => {
    const [serve, record] = changeHttps.lines.map(({ step }) => step.plan(target, httpsTools(world)(new Calls())));
    return [...(await serve!).says, ...(await record!).says];
  };

  it('says what is served, what stays HTTP, and that every site is away for seconds', async () => {
    const target = { ...targetTo(OWN), routes: [route('a.kab.test'), route('lain.desa.id')] };
    expect(await plan(worldWith(OFF), target)).toEqual([
      'serve HTTPS with the certificates that were given: *.kab.test',
      'no certificate covers lain.desa.id: HTTP stays there',
      'make sp-gateway-pusat anew (ports): its desa are away for some seconds',
      'record the way of HTTPS: own',
    ]);
  });

  it('says nothing of a new container when the port is open already', async () => {
    expect(await plan(worldWith(OWN), targetTo(ACME))).toEqual([
      'ask https://acme-v02.api.letsencrypt.org/directory for certificates of 1 domains, contact a@b.id',
      'believe 10.0.0.0/8 about visitors',
      'record the way of HTTPS: acme',
    ]);
  });

  it('says nothing when it is so already', async () => expect(await plan(worldWith(OWN), targetTo(OWN))).toEqual([]));
});

import * as names from '#libs/catalog/names.js';
import { NO_HTTPS } from '#libs/gateway/https.js';
import type { Route } from '#libs/gateway/gateway-port.js';
import { authority, type Authority } from './acme-authority.js';
import { visitHttp, visitHttps } from './https-visitor.js';
import { runtimeWorld, type RuntimeWorld } from './runtime-world.js';

describe('certificates of an ACME authority', () => {
  let world: RuntimeWorld;
  let acme: Authority;
  let here: string;
  let nowhere: string;
  let root: string;

  const routeTo = (domain: string): Route => {
    const { name: runtime, gateKey } = world.spec();
    const to = { runtime, port: 8080, gateKey: gateKey.reveal() };
    return { domain, site: world.site(1).site, to, deny: [], uploadMiB: 2 };
  };
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 200 && !(await isSo()); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 250));
    expect(await isSo()).toBe(true);
  };
  /** DNS leads these names to the gateway, and no other. */
  const answersTo = async (...aliases: string[]): Promise<void> => {
    await world.docker.disconnect(names.edgeNetwork(), world.gatewayContainer);
    await world.docker.connect(names.edgeNetwork(), world.gatewayContainer, aliases);
  };
  const standing = async () => (await world.gateway.certificates()).standing.flatMap(({ names }) => names);
  const plain = (domain: string) => visitHttp(world.httpPort, { domain });

  beforeAll(async () => {
    world = await runtimeWorld('acme');
    const tag = world.gatewayContainer.replace('-gateway', '');
    [here, nowhere] = [`ada.${tag}.test`, `tiada.${tag}.test`];
    acme = await authority(world.docker, tag);
    await world.runtimes.ensure(world.spec(), [world.site(1)]);
    world.https = {
      ...{ ...NO_HTTPS, port: world.httpsPort, address: '127.0.0.1', way: 'acme', email: 'petugas@kab.test' },
      ...{ directory: acme.directory, authority: acme.authority },
    };
    await world.gateway.renew();
    await answersTo(here);
    root = await acme.root();
  }, 300_000);
  afterAll(async () => {
    await acme?.close();
    await world?.close();
  }, 60_000);

  it('are asked for once a domain is routed, and HTTP leads to HTTPS once one stands', async () => {
    await expect(visitHttps(world.httpsPort, { domain: here, root })).rejects.toThrow();
    expect(await standing()).toEqual([]);
    await world.gateway.put(routeTo(here));
    await until(async () => (await standing()).includes(here));
    const { status, headers } = await visitHttps(world.httpsPort, { domain: here, root });
    expect([status, headers['strict-transport-security']]).toEqual([200, 'max-age=2592000']);
    expect((await plain(here)).headers['location']).toBe(`https://${here}:${world.httpsPort}/`);
  }, 120_000);

  it('that cannot be had are told with the reason, and the site stays HTTP', async () => {
    await acme.mislead(nowhere);
    await world.gateway.put(routeTo(nowhere));
    await until(async () => (await world.gateway.certificates()).refusals.some(({ domain }) => domain === nowhere));
    const { refusals } = await world.gateway.certificates();
    expect(refusals.find(({ domain }) => domain === nowhere)?.reason).toMatch(/acme:error:\w+/);
    expect((await plain(nowhere)).status).toBe(200);
    expect(await standing()).toEqual([here]);
  }, 120_000);

  it('are asked for again when the way there is open, also when routes change meanwhile', async () => {
    await acme.lead();
    await answersTo(here, nowhere);
    for (let turn = 1; turn <= 10; turn += 1) await world.gateway.put({ ...routeTo(here), uploadMiB: 2 + (turn % 2) });
    await until(async () => (await standing()).includes(nowhere));
    expect((await visitHttps(world.httpsPort, { domain: nowhere, root })).status).toBe(200);
  }, 120_000);

  it('outlive the container: none is asked for twice', async () => {
    const seen = async () =>
      (await world.gateway.certificates()).standing.map(({ names, from }) => `${names.join()} ${from.toISOString()}`);
    const before = await seen();
    await world.docker.remove(world.gatewayContainer);
    await world.gateway.renew();
    await world.gateway.joinNetwork(world.spec().network);
    expect((await visitHttps(world.httpsPort, { domain: here, root })).status).toBe(200);
    expect(await seen()).toEqual(before);
  }, 120_000);
});

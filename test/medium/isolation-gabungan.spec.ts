import * as names from '#libs/catalog/names.js';
import { openGabunganWorld, type GabunganWorld } from './gabungan-world.js';
import * as hostile from './hostile-code.js';
import { runtimeWorld, type RuntimeWorld } from './runtime-world.js';

describe('hostile code in the folder of one desa, and another gabungan', () => {
  let world: RuntimeWorld;
  let other: GabunganWorld;
  const spec = () => world.spec();
  /** A runtime of the other gabungan: what hostile code would find there, were it let in. */
  const theirs = () =>
    world.spec('v1.0.8', { network: names.network(other.address.name), dataVolume: `${spec().dataVolume}-other` });
  const attack = (code: string, runtime = spec()) => world.php(runtime, world.site(1), code);
  const found = async (code: string, runtime = spec()): Promise<unknown> => JSON.parse(await attack(code, runtime));

  beforeAll(async () => {
    [world, other] = await Promise.all([runtimeWorld('gab'), openGabunganWorld()]);
    for (const runtime of [spec(), theirs()]) await world.runtimes.ensure(runtime, [world.site(1)]);
  }, 240_000);
  afterAll(async () => {
    // The database leaves its network first, or the network could not go with the runtimes.
    await other?.docker.remove(other.address.container!);
    await world?.close();
    await other?.close();
  }, 90_000);

  it("connects to the other's database by neither name nor address, though it knows the account", async () => {
    const { host, owner } = other.address;
    const { addresses } = (await world.docker.container(host))!;
    const address = addresses[names.network(other.address.name)]!;
    const resolves = `echo gethostbyname('${host}');`;
    const theft = hostile.logsIn(address, owner.user, owner.password.reveal());
    expect(await attack(resolves, theirs())).toBe(address);
    expect(await attack(resolves)).toBe(host);
    expect(await found(hostile.reached([address], 3306), theirs())).toEqual([address]);
    expect(await found(hostile.reached([address], 3306))).toEqual([]);
    expect(await attack(theft, theirs())).toContain(owner.user);
    expect(await attack(theft)).toBe('refused');
  }, 90_000);

  it("connects to the other's runtime by neither name nor address", async () => {
    const { addresses } = (await world.docker.container(theirs().name))!;
    const runtime = [theirs().name, addresses[theirs().network]!];
    expect(await found(hostile.reached(runtime, 8080), theirs())).toEqual(runtime);
    expect(await found(hostile.reached([...runtime, spec().name], 8080))).toEqual([spec().name]);
  }, 60_000);
});

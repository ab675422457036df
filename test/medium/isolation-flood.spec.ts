import * as names from '#libs/catalog/names.js';
import { randomPassword } from '#libs/core/seal.js';
import { until } from '#libs/core/retry.js';
import { openGabunganWorld, type GabunganWorld } from './gabungan-world.js';
import * as hostile from './hostile-code.js';
import { runtimeWorld, type RuntimeWorld } from './runtime-world.js';

/** 32 processes of 128 files each: more than the 600 connections that once were all there were. */
const MANY = 2500;
const ACCOUNT = 'sp_hostile_tetangga';

describe('a desa that floods its own merged database with connections', () => {
  let world: RuntimeWorld;
  let merged: GabunganWorld;
  const password = randomPassword();
  const spec = () => world.spec('v1.0.0', { network: names.network(merged.address.name) });
  const run = (site: number, code: string) => world.php(spec(), world.site(site), code);
  /** Connections of this runtime to the database, as its own kernel counts them: open, or let go by the other side. */
  const held = async (): Promise<number> => {
    const { stdout } = await world.docker.exec(spec().name, ['cat', '/proc/net/tcp']);
    return stdout.split('\n').filter((line) => /^\s*\d+: \S+ \w+:0CEA (01|08) /.test(line)).length;
  };

  beforeAll(async () => {
    [world, merged] = await Promise.all([runtimeWorld('flood'), openGabunganWorld()]);
    await merged.gabungan.ensureRuntimeAccount(ACCOUNT, password);
    await world.runtimes.ensure(spec(), [world.site(1), world.site(2)]);
  }, 240_000);
  afterAll(async () => {
    // The database leaves its network first, or the network could not go with the runtime.
    await merged?.docker.remove(merged.address.container!);
    await world?.close();
    await merged?.close();
  }, 90_000);

  it('without any account, with every process and file it may have, does not keep a neighbour from logging in', async () => {
    expect(Number(await run(1, hostile.floods(merged.address.host)))).toBeGreaterThan(20);
    await until(async () => ((await held()) >= MANY ? true : undefined), {
      timeoutSeconds: 60,
      everyMilliseconds: 500,
      late: () => new Error('the flood never rose'),
    });
    const login = hostile.logsIn(merged.address.host, ACCOUNT, password.reveal());
    const answers: string[] = [];
    while (answers.length < 40) answers.push(await run(2, login));
    expect(answers).toEqual(Array(40).fill(`${ACCOUNT}@%`));
    expect(await held()).toBeGreaterThan(MANY / 2);
    expect(await merged.gabungan.count('SELECT 1')).toBe(1);
  }, 240_000);
});

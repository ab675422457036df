import { randomBytes } from 'node:crypto';
import * as names from '#libs/catalog/names.js';
import { openGabunganWorld, SCHEMA, type GabunganWorld } from './gabungan-world.js';

let world: GabunganWorld;
beforeAll(async () => {
  world = await openGabunganWorld();
  await world.gabungan.query(SCHEMA);
}, 240_000);
afterAll(() => world?.close(), 60_000);

/** Whether a container on this network opens a TCP connection to the merged database. */
async function reaches(network: string, host: string): Promise<boolean> {
  const name = `t-c-reach-${randomBytes(3).toString('hex')}`;
  try {
    await world.docker.create({
      name,
      image: names.mariadbImage(),
      entrypoint: ['sleep'],
      argv: ['60'],
      networks: [{ name: network }],
    });
    await world.docker.start(name);
    const { code } = await world.docker.exec(name, ['socat', '-u', '/dev/null', `TCP:${host}:3306,connect-timeout=3`]);
    return code === 0;
  } finally {
    await world.docker.remove(name);
  }
}

describe('reaching a merged database', () => {
  it('publishes no port and stands on its own internal network alone', async () => {
    const found = await world.docker.container(names.gabunganContainer(world.address.name));
    expect(Object.keys(found!.addresses)).toEqual([names.network(world.address.name)]);
  });

  it('is reached from its own network, and from the network of another gabungan by neither name nor address', async () => {
    const own = names.network(world.address.name);
    const { addresses } = (await world.docker.container(world.address.container!))!;
    const other = `${own}-lain`;
    await world.docker.ensureNetwork(other, { internal: true });
    try {
      expect(await reaches(own, world.address.host)).toBe(true);
      expect(await reaches(own, addresses[own]!)).toBe(true);
      expect(await reaches(other, world.address.host)).toBe(false);
      expect(await reaches(other, addresses[own]!)).toBe(false);
    } finally {
      await world.docker.removeNetwork(other);
    }
  }, 90_000);

  it('is told unreachable while stopped, within its connect time, and answers again by itself', async () => {
    await world.docker.stop(world.address.container!, 30);
    await expect(world.gabungan.tables()).rejects.toMatchObject({ code: 'gabungan-unreachable' });
    await world.docker.start(world.address.container!);
    expect(await answersAgain()).toContain('penduduk');
  }, 120_000);

  it('is told unreachable while frozen, and answers again by itself', async () => {
    await world.gabungan.tables();
    await world.docker.signal(world.address.container!, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await expect(world.gabungan.tables()).rejects.toMatchObject({ code: 'gabungan-unreachable' });
    await world.docker.signal(world.address.container!, 'SIGCONT');
    expect(await answersAgain()).toContain('penduduk');
  }, 120_000);

  it('has the same fingerprint whatever the order in which the schema was made, and another one after a change', async () => {
    const before = await world.gabungan.fingerprint();
    expect(before).toMatchObject({ tables: 5, views: 1 });
    await world.gabungan.query('ALTER TABLE agama ADD COLUMN urut INT NULL');
    expect((await world.gabungan.fingerprint()).sha256).not.toBe(before.sha256);
    await world.gabungan.query('ALTER TABLE agama DROP COLUMN urut');
    await world.gabungan.query('DROP VIEW penduduk_hidup; DROP TABLE agama');
    await world.gabungan.query(SCHEMA.slice(SCHEMA.indexOf('CREATE TABLE agama')));
    expect(await world.gabungan.fingerprint()).toEqual(before);
    expect(await world.gabungan.foreignDefiners()).toEqual([]);
  }, 60_000);
});

async function answersAgain(): Promise<string[]> {
  for (let tries = 0; tries < 60; tries += 1) {
    const found = await world.gabungan.tables().catch(() => undefined);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('it did not come back');
}

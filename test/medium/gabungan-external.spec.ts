import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import * as names from '#libs/catalog/names.js';
import { randomPassword } from '#libs/core/seal.js';
import { createGabungan } from '#libs/gabungan/drivers/create.js';
import { openGabungan } from '#libs/gabungan/drivers/mariadb.js';
import type { Gabungan, GabunganAddress } from '#libs/gabungan/gabungan-port.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import { startExternalMariadb, type ExternalMariadb } from './external-mariadb.js';
import { anAddress, AS_OPENSID, SCHEMA } from './gabungan-world.js';

const docker = connectEngine('unix:/var/run/docker.sock');
const opened: Gabungan[] = [];
let external: ExternalMariadb;
let address: GabunganAddress;
const open = (more: Partial<GabunganAddress> = {}): Gabungan => {
  const gabungan = openGabungan({ ...address, ...more }, docker);
  opened.push(gabungan);
  return gabungan;
};
const create = (more: Partial<GabunganAddress> = {}) => createGabungan(docker, { ...address, ...more }, AS_OPENSID);

beforeAll(async () => {
  external = await startExternalMariadb(docker);
  const { host, port, user, password } = external;
  address = { ...anAddress(), container: undefined, host, port, admin: { user, password } };
  await create();
}, 240_000);
afterAll(async () => {
  await Promise.all(opened.map((gabungan) => gabungan.close()));
  await docker.remove(names.gabunganContainer(address.name));
  await docker.removeNetwork(names.network(address.name));
  await external?.remove();
}, 60_000);

describe('a merged database on a MariaDB of somebody else', () => {
  it('has the same accounts with the same rights as one of ours', async () => {
    const gabungan = open();
    const schema = `\`${address.database.replaceAll('_', '\\_')}\`.*`;
    await gabungan.ensureRuntimeAccount('sp_luar', randomPassword());
    expect((await gabungan.grants('sp_luar'))[1]).toBe(
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema} TO \`sp_luar\`@\`%\``,
    );
    expect((await gabungan.grants(address.owner.user))[1]).toContain(
      `CREATE, DROP, REFERENCES, INDEX, ALTER, LOCK TABLES, CREATE VIEW, SHOW VIEW ON ${schema}`,
    );
    expect((await gabungan.grants(address.reader.user))[1]).toContain(`GRANT SELECT, SHOW VIEW ON ${schema}`);
    await gabungan.dropAccount('sp_luar');
  }, 60_000);

  it('is asked for its invariants, dumped and loaded over the network', async () => {
    const gabungan = open();
    await gabungan.query(SCHEMA);
    await gabungan.query("INSERT INTO agama VALUES (1, 'Islam')");
    const sql = 'SELECT COUNT(*) FROM agama';
    expect(await gabungan.invariants([{ name: 'agama', sql, expect: 1 }])).toEqual([
      { name: 'agama', expected: 1, observed: 1 },
    ]);
    const to = new PassThrough();
    const [dumped] = await Promise.all([text(to), gabungan.dump(to)]);
    await gabungan.query(await gabungan.dropStatements());
    await gabungan.load(Readable.from([dumped]));
    expect(await gabungan.count(sql)).toBe(1);
  }, 120_000);

  it('is created again without a change', async () => {
    const before = await open().fingerprint();
    await create();
    expect(await open().fingerprint()).toEqual(before);
  }, 60_000);

  it('tells a wrong password of the administrator and of the owner, with the account and the server', async () => {
    const wrong = randomPassword();
    const { host } = address;
    const refused = (user: string) => ({ code: 'gabungan-password-wrong', data: { user, host } });
    const { admin, owner } = address;
    await expect(create({ admin: { ...admin, password: wrong } })).rejects.toMatchObject(refused(admin.user));
    const other = open({ owner: { ...owner, password: wrong } });
    await expect(other.tables()).rejects.toMatchObject(refused(owner.user));
    await expect(other.dump(new PassThrough().resume())).rejects.toMatchObject(refused(owner.user));
  }, 60_000);

  it('refuses an address that only this machine itself would understand, and tells one that containers do not reach', async () => {
    for (const host of ['localhost', '127.0.0.1', 'db,bind=0.0.0.0', ''])
      await expect(create({ host })).rejects.toMatchObject({ code: 'gabungan-host-unusable' });
    await expect(create({ port: 3999 })).rejects.toMatchObject({ code: 'gabungan-out-of-reach', data: { port: 3999 } });
    await create();
  }, 120_000);

  it('is reached from its own network through a door that leads nowhere else', async () => {
    const door = (await docker.container(names.gabunganContainer(address.name)))!;
    expect(Object.keys(door.addresses).sort()).toEqual([names.edgeNetwork(), names.network(address.name)].sort());
    const [own, outside] = ['Ok', 'nothing'];
    const ask = async (host: string, port: number): Promise<string> => {
      const name = `${door.name}-ask`;
      try {
        const networks = [{ name: names.network(address.name) }];
        await docker.create({ name, image: names.mariadbImage(), entrypoint: ['sleep'], argv: ['60'], networks });
        await docker.start(name);
        const { user, password } = address.owner;
        const argv = ['mariadb', `--host=${host}`, `--port=${port}`, `--user=${user}`, '--connect-timeout=3'];
        const env = { MYSQL_PWD: password.reveal() };
        const said = await docker.exec(name, [...argv, "--execute=SELECT 'Ok'"], { env });
        return said.code === 0 ? own : outside;
      } finally {
        await docker.remove(name);
      }
    };
    expect(await ask(door.name, 3306)).toBe(own);
    expect(await ask(address.host, address.port)).toBe(outside);
  }, 60_000);
});

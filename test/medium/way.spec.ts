import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import * as names from '#libs/catalog/names.js';
import { open, randomPassword } from '#libs/core/seal.js';
import type { Secret } from '#libs/core/secret.js';
import { newAuthority, signedBy, type Signed } from '#libs/gabungan/certificates.js';
import { RUNTIME_CONNECTIONS } from '#libs/gabungan/grants.js';
import { greeting, hears, openFarWorld, type FarWorld } from './far-world.js';
import { leftOf } from './whole-world.js';

let world: FarWorld;
let door: string;
let desa: FarWorld['desa'][0];
let version = 'v2602.0.0';
beforeAll(async () => {
  world = await openFarWorld('sp-way');
  door = names.wayDoor(world.name);
  desa = await world.addDesa('1307012003');
}, 900_000);
afterAll(() => world?.close(), 120_000);

const install = (one: FarWorld['desa'][0]) =>
  world.run('install', { kind: 'desa', id: one.id }, { server: world.server.name, version });
const repair = () => world.run('repair', { kind: 'desa', id: desa.id });
const rows = async <T>(sql: string): Promise<T> => ((await world.db.query(sql)) as T[])[0]!;
const port = async (): Promise<number> => (await rows<{ port: number }>('SELECT port FROM way_in')).port;
const signed = ({ certificate, key }: Signed) => ({ cert: certificate, key: key.reveal() });

/** The page comes back by itself: nobody is asked for help. */
async function comesBack(): Promise<string> {
  const late = Date.now() + 120_000;
  for (let page = ''; ; page = await world.visit(desa.domain).catch(String)) {
    if (page.startsWith('200') || Date.now() > late) return page;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Runs argv in a throw-away container on a network of the far server. */
async function onFar(network: string, argv: string[], env: Record<string, string> = {}, stdin?: Readable) {
  const name = `t-way-${randomBytes(3).toString('hex')}`;
  try {
    const image = names.mariadbImage();
    await world.far.create({ name, image, entrypoint: ['sleep'], argv: ['120'], networks: [{ name: network }] });
    await world.far.start(name);
    return await world.far.exec(name, argv, { env, stdin });
  } finally {
    await world.far.remove(name);
  }
}

const reaches = async (network: string, host: string, at = 3306): Promise<boolean> =>
  (await onFar(network, ['socat', '-u', '/dev/null', `TCP:${host}:${at},connect-timeout=3`])).code === 0;
const ask = (user: string, password: Secret, sql: string) =>
  onFar(
    names.network(world.name),
    ['mariadb', `--host=${names.gabunganContainer(world.name)}`, `--user=${user}`, `--execute=${sql}`],
    { MYSQL_PWD: password.reveal() },
  );

/** The order matters: each test stands on the world the one before left. */
describe('a desa on another server than its gabungan', () => {
  it('is refused in a sentence until somebody says where the server of the gabungan is reached', async () => {
    expect(await install(desa)).toMatchObject({ state: 'undone', problem: { code: 'way-address-missing' } });
    expect(await world.far.container(door)).toBeUndefined();
    await world.db.query(`UPDATE server SET internal_address = $1 WHERE address LIKE 'unix:%'`, [world.address]);
  }, 120_000);

  it('is installed, and its pages are served through the way', async () => {
    const run = await install(desa);
    expect(run).toMatchObject({ state: 'done', problem: null });
    expect(run.steps.find(({ name }) => name === 'open-way')).toMatchObject({ state: 'done' });
    expect(await world.visit(desa.domain)).toContain('2602.0.0');
  }, 300_000);

  it('shows no plain database anywhere: only TLS, and only to who has a certificate of this gabungan', async () => {
    const [host, at] = [world.address, await port()];
    expect((await hears(host, at))!.toString('latin1')).toBe('');
    expect(await hears(host, 3306)).toBeUndefined();
    const wayIn = (await world.docker.container(names.wayIn(world.name)))!;
    const database = (await world.docker.container(names.gabunganContainer(world.name)))!;
    expect(Object.keys(database.addresses)).toEqual([names.network(world.name)]);
    expect(wayIn.settings).toMatchObject({ isConfined: true, isRootReadOnly: true, capabilities: [] });
    const stored = await rows<{ authority: string; sealed: string; id: string }>(
      'SELECT authority, authority_key AS sealed, way.id FROM way_in JOIN way USING (gabungan_id)',
    );
    const own = { certificate: stored.authority, key: open(world.workshop.config.keyRing, stored.sealed) };
    const other = await newAuthority(`SiapPakai ${world.name}`);
    const client = (authority: Pick<Signed, 'certificate' | 'key'>, name: string) =>
      signedBy(authority, { name, use: 'client' });
    expect(await greeting(host, at, signed(await client(own, stored.id)))).toContain('MariaDB');
    for (const papers of [
      {},
      signed(await client(other, stored.id)),
      signed(await client(own, 'a way that is not open')),
      signed(await signedBy(own, { name: stored.id, use: 'server' })),
    ])
      expect(await greeting(host, at, papers)).toBe('');
  }, 60_000);

  it('is reached on the far server from the network of its gabungan alone', async () => {
    const other = `${names.network(world.name)}-lain`;
    await world.far.ensureNetwork(other, { internal: true });
    const { addresses } = (await world.far.container(door))!;
    try {
      expect(await reaches(names.network(world.name), names.gabunganContainer(world.name))).toBe(true);
      expect(await reaches(names.edgeNetwork(), door)).toBe(false);
      expect(await reaches(names.edgeNetwork(), addresses[names.edgeNetwork()]!)).toBe(false);
      expect(await reaches(other, addresses[names.network(world.name)]!)).toBe(false);
      // Its runtimes see the door and nothing behind it.
      expect(await reaches(names.network(world.name), world.address, await port())).toBe(false);
    } finally {
      await world.far.removeNetwork(other);
    }
  }, 120_000);

  it('has an account of its own with its own limit of connections', async () => {
    const [user, password] = ['sp_uji_jauh', randomPassword()];
    await world.gabungan.ensureRuntimeAccount(user, password);
    const wrong = await ask(user, randomPassword(), 'SELECT 1');
    expect(wrong.stderr).toContain('Access denied');
    expect((await ask(user, password, 'SELECT 40 + 2')).stdout).toContain('42');
    const host = names.gabunganContainer(world.name);
    const times = String(RUNTIME_CONNECTIONS + 5);
    const each = ['mariadb', `--host=${host}`, `--user=${user}`, '--execute=SELECT SLEEP(5)'];
    const argv = ['xargs', '-P', times, '-I', '{}', ...each];
    const stdin = Readable.from([Array.from({ length: Number(times) }, (_, at) => `${at}\n`).join('')]);
    const { stderr } = await onFar(names.network(world.name), argv, { MYSQL_PWD: password.reveal() }, stdin);
    expect(stderr.match(/max_user_connections/g)).toHaveLength(5);
    await world.gabungan.dropAccount(user);
  }, 60_000);

  it('comes back by itself after its server, the database and either end of the way were restarted', async () => {
    await world.docker.stop(names.wayIn(world.name), 1);
    await world.docker.start(names.wayIn(world.name));
    expect(await comesBack()).toContain('2602.0.0');
    await world.docker.stop(names.gabunganContainer(world.name), 30);
    expect((await world.visit(desa.domain)).startsWith('200')).toBe(false);
    await world.docker.start(names.gabunganContainer(world.name));
    expect(await comesBack()).toContain('2602.0.0');
    await world.fleet.reboot(world.server);
    expect(await comesBack()).toContain('2602.0.0');
  }, 300_000);

  it('is told by a repair what a firewall holds back, and at which port', async () => {
    const rule = ['FORWARD', '-p', 'tcp', '--dport', String(await port()), '-j', 'DROP'];
    await world.fleet.inside(world.server, ['iptables', '-I', ...rule]);
    const run = await repair();
    expect(run).toMatchObject({ state: 'undone', problem: { code: 'way-blocked' } });
    expect(run.problem!.detail).toContain(`${world.address}:${await port()}`);
    await world.fleet.inside(world.server, ['iptables', '-D', ...rule]);
    expect(await repair()).toMatchObject({ state: 'done', problem: null });
  }, 180_000);

  it('gets new certificates when less than a third of their time is left, without an end to anything', async () => {
    const seen = () =>
      rows<{ own: string; theirs: string }>(
        'SELECT w.certificate AS own, d.certificate AS theirs FROM way_in w, way d',
      );
    const before = await seen();
    await repair();
    expect(await seen()).toEqual(before);
    await world.db.query(`UPDATE way_in SET ends_at = now() + interval '100 days'`);
    await world.db.query(`UPDATE way SET ends_at = now() + interval '100 days'`);
    await world.workshop.sweepWays();
    const after = await seen();
    expect([after.own === before.own, after.theirs === before.theirs]).toEqual([false, false]);
    expect(await world.visit(desa.domain)).toContain('2602.0.0');
    expect((await repair()).steps.find(({ name }) => name === 'open-way')).toMatchObject({ state: 'skipped' });
  }, 180_000);

  it('is a canary that is rehearsed beside its gabungan, migrates through the way, and is closed at its own gateway', async () => {
    version = 'v2602.4.0';
    const { image } = await world.release(version);
    await world.fleet.load(world.server, [image!]);
    const rehearsal = await world.towards('rehearse', version, { canary: desa.id });
    expect(rehearsal).toMatchObject({ state: 'done', problem: null });
    expect(await leftOf(world)).toEqual([]);
    const migration = await world.towards('migrate', version, { canary: desa.id, mode: 'window' });
    expect(migration).toMatchObject({ state: 'done', problem: null });
    expect(await world.visit(desa.domain)).toMatch(/^503/);
    for (const { id } of [...world.desa, desa])
      expect(await world.run('update', { kind: 'desa', id }, { version })).toMatchObject({
        state: 'done',
        problem: null,
      });
    expect(await world.visit(desa.domain)).toContain('2602.4.0');
  }, 600_000);

  it('takes the way with it when the last one leaves, and its certificate is worth nothing then', async () => {
    const second = await world.addDesa('1307012004');
    expect(await install(second)).toMatchObject({ state: 'done', problem: null });
    expect(await world.run('remove', { kind: 'desa', id: desa.id })).toMatchObject({ state: 'done', problem: null });
    expect(await world.far.container(door)).toBeDefined();
    const at = await port();
    expect(await world.run('remove', { kind: 'desa', id: second.id })).toMatchObject({ state: 'done', problem: null });
    expect(await world.far.container(door)).toBeUndefined();
    expect(await world.docker.container(names.wayIn(world.name))).toBeUndefined();
    expect(await hears(world.address, at)).toBeUndefined();
    expect(await rows<{ n: number }>('SELECT count(*)::int AS n FROM way')).toEqual({ n: 0 });
  }, 300_000);

  it('is placed anew, on the server that is named, once it stands nowhere', async () => {
    const input = { server: `s${world.name}`, version };
    const run = await world.run('install', { kind: 'desa', id: desa.id }, input);
    expect(run).toMatchObject({ state: 'done', problem: null });
    expect(run.steps.find(({ name }) => name === 'open-way')).toMatchObject({ state: 'skipped' });
    const sql = 'SELECT s.name FROM installation i JOIN server s ON s.id = i.server_id WHERE i.desa_id = $1';
    expect(await world.db.query(sql, [desa.id])).toEqual([{ name: `s${world.name}` }]);
  }, 300_000);
});

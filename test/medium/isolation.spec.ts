import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { tarOf } from '#libs/servers/files.js';
import * as hostile from './hostile-code.js';
import { runtimeWorld, type RuntimeWorld } from './runtime-world.js';

const SECRET = `secret-${randomBytes(8).toString('hex')}`;
const WEAK_IMAGE = 'siappakai/hostile:test-weak';

/** What the neighbour has: an upload everybody may see, a private file, a session, a compiled page with the secret. */
const NEIGHBOUR = `
umask(022);
file_put_contents(TREE . '/desa/upload/seen.txt', 'for everybody ${SECRET}');
file_put_contents(TREE . '/desa/private.txt', '${SECRET}');
file_put_contents(session_save_path() . '/sess_1', '${SECRET}');
file_put_contents(TREE . '/views/page.php', '<?php echo "${SECRET}";');
touch(TREE . '/views/page.php', time() - 1000);
echo 'done';`;

describe('hostile code in the folder of one desa', () => {
  let world: RuntimeWorld;
  const spec = () => world.spec();
  const bad = () => world.site(1);
  const good = () => world.site(2);
  const attack = (code: string) => world.php(spec(), bad(), code);
  const found = async (code: string): Promise<unknown> => JSON.parse(await attack(code));

  beforeAll(async () => {
    world = await runtimeWorld('iso');
    await world.runtimes.ensure(spec(), [bad(), good()]);
    expect(await world.php(spec(), good(), NEIGHBOUR)).toBe('done');
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await world.docker.removeImage(WEAK_IMAGE);
  }, 60_000);

  it('reads no file of a neighbour, no pool, no key of the gateway; its own it reads', async () => {
    const data = `/data/${good().site}`;
    const own = `/data/${bad().site}/desa/key`;
    const paths = ['', '/desa', '/desa/key', '/desa/private.txt', '/desa/upload/seen.txt', '/desa/config/config.php'];
    const others = [...paths, '/tmp', '/tmp/sess_1', `/views/${spec().version}/page.php`].map((path) => data + path);
    const tree = `/conf/sites/${good().site}/desa/private.txt`;
    const conf = ['/conf/gate.conf', '/conf/server.conf', '/conf/fpm.d', `/conf/fpm.d/${good().site}.conf`];
    const run = ['/run/sock', '/run/ng', '/root', '/etc/shadow'];
    expect(await found(hostile.readableOf([...others, tree, ...conf, ...run, own]))).toEqual([own]);
  }, 30_000);

  it('gets nothing through a link in its uploads that nginx could read', async () => {
    const targets = {
      file: `/data/${good().site}/desa/upload/seen.txt`,
      gate: '/conf/gate.conf',
      folder: `/data/${good().site}/desa`,
    };
    for (const [name, target] of Object.entries(targets))
      await attack(
        `symlink('${target}', TREE . '/desa/upload/${name}'); @link('${target}', TREE . '/desa/upload/${name}-hard');`,
      );
    expect((await world.get(spec(), good(), '/desa/upload/seen.txt')).body).toContain(SECRET);
    const tried = ['file', 'file-hard', 'gate', 'gate-hard', 'folder/upload/seen.txt', 'folder/private.txt'];
    const escapes = ['..%2f..%2f..%2f', '%2e%2e/%2e%2e/%2e%2e/'].map(
      (up) => `${up}${good().site}/desa/upload/seen.txt`,
    );
    for (const path of [...tried, ...escapes]) {
      const { status, body } = await world.get(spec(), bad(), `/desa/upload/${path}`);
      expect([path, status >= 400 || !body.includes(SECRET)]).toEqual([path, true]);
      expect(body).not.toContain(SECRET);
      expect(body).not.toContain(spec().gateKey.reveal());
    }
  }, 30_000);

  it('reads neither environment nor memory of any other process, nor its own inherited memory', async () => {
    await world.get(spec(), good());
    const { others, got } = (await found(hostile.PROCESSES)) as { others: number; got: string[] };
    expect(others).toBeGreaterThanOrEqual(5);
    expect(got).toEqual([]);
  }, 30_000);

  it('sends a signal to no other process', async () => {
    await world.get(spec(), good());
    const { others, got } = (await found(hostile.SIGNALS)) as { others: number; got: string[] };
    expect(others).toBeGreaterThanOrEqual(5);
    expect(got).toEqual([]);
    expect((await world.get(spec(), good())).status).toBe(200);
  }, 30_000);

  it('writes to no file outside its own data: code, trees, conf, run, shared memory', async () => {
    const tree = `/conf/sites/${bad().site}`;
    const paths = ['/var/www/html/index.php', '/var/www/html/new.php', `${tree}/index.php`, `${tree}/new.php`];
    const shared = ['/conf/gate.conf', '/conf/fpm.d/new.conf', '/run/new', '/run/sock/new', '/tmp/new', '/var/tmp/new'];
    const rest = [
      '/dev/shm/new',
      `/data/new`,
      `/data/${good().site}/new`,
      `/data/${bad().site}/desa/config/config.php`,
    ];
    expect(await found(hostile.writesTo([...paths, ...shared, ...rest]))).toEqual([]);
    expect(await found(hostile.WRITABLE)).toEqual([]);
    expect(await attack(`echo file_put_contents('/data/${bad().site}/tmp/own', 'x');`)).toBe('1');
  }, 30_000);

  it('neither reads nor empties the shared code cache', async () => {
    expect(await found(hostile.OPCACHE)).toEqual({ status: false, reset: false, invalidate: false });
  }, 30_000);

  it("cannot speak to a neighbour's socket; with an open socket it could", async () => {
    const socket = `/run/sock/${good().site}.sock`;
    const chmod = (mode: string, path: string) => world.docker.exec(spec().name, ['chmod', mode, path]);
    const theft = hostile.throughSocket(good().site, "echo file_get_contents(TREE . '/desa/private.txt');");
    expect(await attack(theft)).toBe('denied');
    expect((await chmod('0755', '/run/sock')).code).toBe(0);
    expect(await attack(theft)).toBe('denied');
    expect((await chmod('0666', socket)).code).toBe(0);
    expect(await attack(theft)).toContain(SECRET);
    await chmod('0660', socket);
    await chmod('0750', '/run/sock');
    expect(await attack(theft)).toBe('denied');
  }, 30_000);

  it('does not run compiled pages of a neighbour out of the cache; without validate_permission it would', async () => {
    expect(await steal(world, spec())).not.toContain(SECRET);
    const { image } = spec();
    const dockerfile = `FROM ${image}\nRUN sed -i s/validate_permission=1/validate_permission=0/ /etc/php/8.2/fpm/conf.d/90-siappakai.ini\n`;
    const context = await tarOf([{ kind: 'file', path: 'Dockerfile', content: dockerfile }]);
    await world.docker.build(Readable.from([context]), { tag: WEAK_IMAGE });
    const weak = world.spec('v1.0.9', { image: WEAK_IMAGE });
    await world.runtimes.ensure(weak, [bad(), good()]);
    expect(await world.php(weak, good(), NEIGHBOUR)).toBe('done');
    expect(await steal(world, weak)).toContain(SECRET);
    await world.runtimes.remove(weak.name, weak.configVolume);
  }, 90_000);

  it('cannot speak as the gateway to the web server beside it', async () => {
    const theft = (key: string) =>
      hostile.asNeighbour(good().site, "echo file_get_contents(TREE . '/desa/private.txt');", key);
    expect(await attack(theft('guessed-key-of-16-letters'))).toMatch(/^HTTP\/1\.1 403/);
    expect(await attack(theft(''))).toMatch(/^HTTP\/1\.1 403/);
    expect(await attack(theft(spec().gateKey.reveal()))).toContain(SECRET);
    const key = spec().gateKey.reveal();
    expect(await attack('echo json_encode([$_SERVER, getenv(), ini_get_all()]);')).not.toContain(key);
  }, 30_000);
});

/** The neighbour has just used its page; the attacker includes the very same file. */
async function steal(world: RuntimeWorld, spec: ReturnType<RuntimeWorld['spec']>): Promise<string> {
  const [bad, good] = [world.site(1), world.site(2)];
  expect((await world.get(spec, good, '/index.php/view')).body).toContain(SECRET);
  expect((await world.get(spec, good, '/index.php/view')).body).toContain(SECRET);
  return world.php(spec, bad, `@include '/data/${good.site}/views/${spec.version}/page.php'; echo 'end';`);
}

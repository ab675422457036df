import { until } from '#libs/core/retry.js';
import { Readable } from 'node:stream';
import { runtimeWorld, type RuntimeWorld } from './runtime-world.js';

const ODD = `Nagari D'Koto "Baru" \${HOME} a$b \\ c\\' ; # = & ~`;

describe('a runtime', () => {
  let world: RuntimeWorld;
  beforeAll(async () => (world = await runtimeWorld('rt')), 120_000);
  afterAll(() => world.close(), 60_000);

  it('serves each site under its own name, uid and folder', async () => {
    const spec = world.spec();
    const [one, two] = [world.site(1), world.site(2, { name: ODD, odd: ODD })];
    await world.runtimes.ensure(spec, [one, two]);
    expect((await world.get(spec, one)).body).toContain('<title>Website Desa Desa 1</title>');
    expect(await world.php(spec, one, 'echo posix_geteuid();')).toBe('30001');
    expect(await world.php(spec, two, 'echo getenv("ODD");')).toBe(ODD);
    for (const { site } of [one, two]) expect(await world.runtimes.holds(spec, site)).toBe(true);
  }, 120_000);

  it('passes path info to the front controller, static files by themselves, and hides what is denied', async () => {
    const [spec, one] = [world.spec(), world.site(1)];
    expect((await world.get(spec, one, '/index.php/siteman')).body).toContain('/siteman');
    expect((await world.get(spec, one, '/assets/site.css')).body).toContain('body {');
    expect((await world.get(spec, one, '/artikel/1')).status).toBe(200);
    for (const path of ['/.htaccess', '/assets/x.php', '/storage/logs/a', '/desa/upload/x.php/y'])
      expect([path, (await world.get(spec, one, path)).status]).toEqual([path, 404]);
  }, 60_000);

  it('refuses names of the world outside, and knows its neighbours by theirs', async () => {
    const [spec, one] = [world.spec(), world.site(1)];
    // An empty list is an answer; a resolver that does not answer gives false.
    expect(await world.php(spec, one, 'echo json_encode(dns_get_record("opendesa.id", DNS_A));')).toBe('[]');
    expect(await world.php(spec, one, `echo gethostbyname("${spec.name}");`)).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  }, 60_000);

  it('leaves a file of ours alone while it is as wanted, and puts it anew when it is not', async () => {
    const [spec, one] = [world.spec(), world.site(1)];
    const seen = (): Promise<string> =>
      world.php(
        spec,
        one,
        '$f = TREE."/desa/config/config.php"; clearstatcache(); echo fileinode($f), file_get_contents($f);',
      );
    const before = await seen();
    await world.runtimes.prepareData(spec, one);
    expect(await seen()).toBe(before);
    await world.runtimes.prepareData(spec, world.site(1, { code: '3303012099' }));
    expect(await seen()).not.toBe(before);
    await world.runtimes.prepareData(spec, one);
    expect((await seen()).replace(/^\d+/, '')).toBe(before.replace(/^\d+/, ''));
  }, 60_000);

  it('takes a further site in while the others answer every request', async () => {
    const [spec, one, three] = [world.spec(), world.site(1), world.site(3)];
    let isOver = false;
    const answers: number[] = [];
    const visitor = (async () => {
      while (!isOver) answers.push((await world.get(spec, one)).status);
    })();
    await world.runtimes.place(spec, three);
    expect((await world.get(spec, three)).status).toBe(200);
    await world.runtimes.take(spec, three.site);
    isOver = true;
    await visitor;
    expect(answers.filter((status) => status !== 200)).toEqual([]);
    expect(answers.length).toBeGreaterThan(5);
    expect((await world.get(spec, three)).status).not.toBe(200);
  }, 60_000);

  it('refuses a site whose pool is unusable and leaves the others as they are', async () => {
    const [spec, one] = [world.spec(), world.site(1)];
    await expect(world.runtimes.place(spec, { ...world.site(4), uid: -5 })).rejects.toThrow();
    expect((await world.get(spec, one)).status).toBe(200);
    const held = [one, world.site(2), world.site(4)].map(({ site }) => world.runtimes.holds(spec, site));
    expect(await Promise.all(held)).toEqual([true, true, false]);
  }, 60_000);

  it('starts again after it was stopped, with the sites it had', async () => {
    const [spec, one] = [world.spec(), world.site(1)];
    await world.docker.stop(spec.name);
    await world.runtimes.ensure(spec, [one]);
    expect((await world.get(spec, one)).status).toBe(200);
    expect((await world.get(spec, world.site(2))).status).toBe(200);
  }, 60_000);

  it('starts php-fpm and nginx again when they die', async () => {
    const [spec, one] = [world.spec(), world.site(1)];
    for (const pidFile of ['/run/fpm.pid', '/run/ng/nginx.pid']) {
      const { stdout } = await world.docker.exec(spec.name, ['cat', pidFile]);
      await world.docker.exec(spec.name, ['/usr/bin/kill', '-KILL', stdout.trim()]);
      await expect(answersAgain(() => world.get(spec, one))).resolves.toBe(200);
    }
    const told = async (): Promise<true | undefined> =>
      /php-fpm ended with[\s\S]*nginx ended with/.test(await world.docker.logs(spec.name, 200)) ? true : undefined;
    await until(told, { timeoutSeconds: 20, late: () => new Error('the log does not tell') });
    await expect(answersAgain(() => world.get(spec, one))).resolves.toBe(200);
    expect(await world.docker.logs(spec.name, 200)).not.toMatch(/Address already in use/);
  }, 60_000);

  it('keeps state, empties caches, carries state elsewhere', async () => {
    const [spec, one] = [world.spec(), world.site(1)];
    await world.php(
      spec,
      one,
      'file_put_contents(TREE."/desa/upload/a.txt","hello"); file_put_contents(TREE."/storage/logs/l.php","boom"); file_put_contents(TREE."/desa/key","changed");',
    );
    await world.runtimes.prepareData(spec, one);
    expect((await world.runtimes.readState(spec, one.site, 'desa/key'))?.toString()).toBe('changed');
    expect(await world.runtimes.readLogs(spec, one.site, 'storage/logs')).toBe('boom');
    await world.runtimes.emptyState(spec, one, ['storage/logs']);
    expect(await world.runtimes.readLogs(spec, one.site, 'logs')).toBe('');
    const parts: Buffer[] = [];
    for await (const part of await world.runtimes.exportState(spec, one.site)) parts.push(Buffer.from(part));
    const two = world.site(2);
    await world.runtimes.importState(spec, two.site, Readable.from([Buffer.concat(parts)]));
    expect(
      await world.php(
        spec,
        two,
        'echo file_get_contents(TREE."/desa/upload/a.txt"), fileowner(TREE."/desa/upload/a.txt");',
      ),
    ).toBe('hello30002');
    expect((await world.get(spec, one, '/desa/upload/a.txt')).body).toBe('hello');
    await world.runtimes.removeData(spec, two.site);
    expect(await world.runtimes.readState(spec, two.site, 'desa/key')).toBeUndefined();
    expect((await world.runtimes.readState(spec, one.site, 'desa/key'))?.toString()).toBe('changed');
  }, 60_000);

  it('stands beside a one-off of the same release that leaves nothing behind', async () => {
    const [spec, one] = [world.spec(), world.site(1, { odd: 'owner' })];
    const oneOff = world.spec('v1.0.0', {
      name: `${spec.name}-run-12345678`,
      configVolume: `${spec.name}-run-12345678-conf`,
    });
    await world.runtimes.ensure(oneOff, [one]);
    expect(await world.php(oneOff, one, 'echo getenv("ODD");')).toBe('owner');
    expect(await world.php(spec, one, 'echo getenv("ODD");')).toBe('plain');
    await world.runtimes.writeState(oneOff, one, 'tmp/ci_session1', 'x');
    expect(await world.php(oneOff, one, 'echo file_get_contents(session_save_path()."/ci_session1");')).toBe('x');
    const options = {
      user: `${one.uid}:${one.uid}`,
      env: world.runtimes.environment(oneOff, one),
      workingDirectory: `/conf/sites/${one.site}`,
    };
    expect((await world.docker.exec(oneOff.name, ['php', '-r', 'echo getcwd(), getenv("ODD");'], options)).stdout).toBe(
      `/conf/sites/${one.site}owner`,
    );
    await world.runtimes.remove(oneOff.name, oneOff.configVolume);
    expect(await world.docker.container(oneOff.name)).toBeUndefined();
    expect((await world.get(spec, one)).status).toBe(200);
  }, 60_000);
});

async function answersAgain(ask: () => Promise<{ status: number }>): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    const answer = await ask().catch(() => undefined);
    if (answer?.status === 200) return 200;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return 0;
}

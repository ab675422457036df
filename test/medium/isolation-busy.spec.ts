import { request } from 'node:http';
import { until } from '#libs/core/retry.js';
import type { Route } from '#libs/gateway/gateway-port.js';
import type { RuntimeSpec, SiteSpec } from '#libs/runtimes/runtime-port.js';
import * as hostile from './hostile-code.js';
import { runtimeWorld, type RuntimeWorld } from './runtime-world.js';

const CHILDREN = [1, 2, 3, 4];

describe('a desa that keeps all its children busy', () => {
  let world: RuntimeWorld;
  const spec = () => world.spec();
  const bad = () => world.site(1);
  const good = () => world.site(2);
  const visit = (site: SiteSpec, path = '/', headers = {}) => visitOf(world.httpPort, site.domain, path, headers);
  const attack = (code: string) => visit(bad(), '/', { 'X-Code': Buffer.from(code).toString('base64') });
  /** One page after the other, each seen to have begun: php-fpm makes a child when a call comes, not when it waits. */
  const hold = async (name: string, code: (mark: string) => string): Promise<{ ended: Promise<unknown> }[]> => {
    const pages = [];
    for (const child of CHILDREN) {
      const mark = `${name.split(' ')[0]}-${child}`;
      pages.push({ ended: attack(code(mark)).catch(() => undefined) });
      const begun = async () => (await visit(bad(), `/desa/upload/${mark}`)).status === 200 || undefined;
      await until(begun, { timeoutSeconds: 20, late: () => new Error(`page ${mark} does not begin`) });
    }
    return pages;
  };
  const restarts = async () => (await world.docker.container(spec().name))!.restarts;
  const master = async () => (await world.docker.exec(spec().name, ['cat', '/run/fpm.pid'])).stdout;
  const answersOf = async (count: number): Promise<number[]> => {
    const answers: number[] = [];
    while (answers.length < count) answers.push((await visit(good())).status);
    return answers;
  };
  const reloadBeside = async (newcomer: number): Promise<number[]> => {
    let isOver = false;
    const answers: number[] = [];
    const visitor = (async () => {
      while (!isOver) answers.push((await visit(good())).status);
    })();
    await world.runtimes.place(spec(), world.site(newcomer)).finally(() => (isOver = true));
    await visitor;
    return answers;
  };

  beforeAll(async () => {
    world = await runtimeWorld('busy');
    expect(world.spec().app.site.children).toBe(CHILDREN.length);
    await world.runtimes.ensure(spec(), [bad(), good()]);
    for (const number of [1, 2, 10, 11, 12, 13, 20]) await world.gateway.put(routeTo(spec(), world.site(number)));
  }, 120_000);
  afterAll(() => world.close(), 60_000);

  it.each(Object.entries(hostile.BUSY))(
    'by pages that %s stops neither a neighbour nor a reload',
    async (name, code) => {
      const pages = await hold(name, code);
      expect(await answersOf(20)).toEqual(Array(20).fill(200));
      const newcomer = 10 + Object.keys(hostile.BUSY).indexOf(name);
      const answers = await reloadBeside(newcomer);
      expect(answers.length).toBeGreaterThan(0);
      expect(answers.filter((status) => status !== 200)).toEqual([]);
      expect((await visit(world.site(newcomer))).status).toBe(200);
      await Promise.all(pages.map(({ ended }) => ended));
      expect((await visit(bad())).status).toBe(200);
    },
    90_000,
  );

  it('and wants more memory than its share gets an error page, whatever limit it sets itself', async () => {
    const grow = "ini_set('memory_limit', '-1'); echo ini_get('memory_limit'); $all = str_repeat('x', 64 << 20);";
    const pages = await Promise.all(CHILDREN.map(() => attack(grow)));
    expect(pages.map(({ status }) => status)).toEqual([500, 500, 500, 500]);
    expect(await answersOf(5)).toEqual(Array(5).fill(200));
  }, 60_000);

  it('by programs that eat all the memory there is loses those programs; the runtime and its neighbour go on', async () => {
    const before = await master();
    const eaten = Promise.all(CHILDREN.map(() => attack(hostile.EATS)));
    const answers = await answersOf(20);
    expect((await eaten).map(({ body }) => body)).toEqual(['9', '9', '9', '9']);
    expect(answers).toEqual(Array(20).fill(200));
    expect([await master(), await restarts()]).toEqual([before, 0]);
  }, 90_000);

  it('by processes without end starts few of them, and leaves others room for children of their own', async () => {
    const running = await Promise.all(CHILDREN.map(() => attack(hostile.FORKS)));
    for (const { body } of running) expect(Number(body)).toBeGreaterThan(CHILDREN.length);
    for (const { body } of running) expect(Number(body)).toBeLessThanOrEqual(32 + CHILDREN.length);
    expect(await answersOf(5)).toEqual(Array(5).fill(200));
    const answers = await reloadBeside(20);
    expect(answers.filter((status) => status !== 200)).toEqual([]);
    for (const site of [world.site(20), bad()]) expect((await visit(site)).status).toBe(200);
  }, 90_000);
});

const routeTo = ({ name, gateKey }: RuntimeSpec, { domain, site }: SiteSpec): Route => ({
  domain,
  site,
  to: { runtime: name, port: 8080, gateKey: gateKey.reveal() },
  deny: [],
  uploadMiB: 1,
});

/** As a visitor does: through the door of the server. */
function visitOf(
  port: number,
  host: string,
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers: { ...headers, host } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
    })
      .on('error', reject)
      .end();
  });
}

import * as names from '#libs/catalog/names.js';
import { settleKept } from '../../apps/worker/settle-kept.js';
import { openMoveWorld, visit, VERSION, watch, type Desa, type MoveWorld } from './move-world.js';

const FILES = String.raw`
  $in = '/data/' . $argv[1] . '/desa/upload/';
  mkdir($in . 'kosong');
  mkdir($in . 'dalam/lebih dalam', 0700, true);
  foreach (["spasi dan 'kutip'.txt", "baris\nbaru", "--rm", "caf\xe9.txt", "日本.txt", '*', '\\n', str_repeat('panjang', 30)] as $n)
    file_put_contents($in . $n, $n . str_repeat('x', 1000));
  file_put_contents($in . 'besar', random_bytes(20 * 1024 * 1024));
  file_put_contents($in . 'rahasia', 'r'); chmod($in . 'rahasia', 0600);
  file_put_contents($in . 'jalan', '#'); chmod($in . 'jalan', 0750);
  link($in . 'rahasia', $in . 'dalam/kembaran');
  symlink('/etc/passwd', $in . 'pintas-luar');
  symlink('../' . '--rm', $in . 'dalam/pintas');
  symlink('/data/d1307012009/desa', $in . 'tetangga');
  posix_mkfifo($in . 'pipa', 0600);
`;

describe('a desa that moves between two servers', () => {
  let world: MoveWorld;
  let kurai: Desa;
  let neighbour: Desa;

  const write = async (desa: Desa, code: string): Promise<void> => {
    const { code: exit, stderr } = await world.as(desa, world.one, ['php', '-r', code, desa.site]);
    if (exit !== 0) throw new Error(stderr);
  };
  /** Every entry with its mode, size, link and sum, owners as words; as root of the server sees them. */
  const folderOn = async (server: MoveWorld['one'], desa: Desa, uid: number): Promise<string[]> => {
    const volume = `/var/lib/docker/volumes/${names.dataVolume('opensid', world.gabungan)}/_data/${desa.site}`;
    const told = async (argv: string[]): Promise<string[]> =>
      (await world.fleet.inside(server, argv)).stdout.split('\0').filter(Boolean);
    const all = await told(['find', volume, '!', '-type', 'p', '-printf', '%y %m %U %G %l %P\\0']);
    const sums = await told(['find', volume, '-type', 'f', '-exec', 'sha256sum', '--zero', '{}', '+']);
    return [...all, ...sums.map((line) => line.replace(`${volume}/`, ''))]
      .map((line) => line.replaceAll(` ${uid}`, ' desa'))
      .sort();
  };
  const leftOn = async (server: MoveWorld['one'], word: string): Promise<string[]> =>
    (await (await world.docker(server)).containers(names.labels()))
      .map(({ name }) => name)
      .filter((one) => one.includes(word));

  beforeAll(async () => {
    world = await openMoveWorld('sp-move');
    kurai = await world.install('1307012001', 'Kurai');
    neighbour = await world.install('1307012002', 'Batu Payung');
    await write(kurai, FILES);
  }, 900_000);
  afterAll(() => world?.close(), 120_000);

  it('that would not reach its database there is left where it is: nobody sees a maintenance page, nothing stays behind', async () => {
    const firewall = ['DOCKER-USER', '-p', 'tcp', '--dport', '7306:7400', '-j', 'REJECT'];
    await world.fleet.inside(world.two, ['iptables', '-I', ...firewall]);
    const visitor = watch(world.one.host, kurai.domain);
    const run = await world.run('move', kurai, { server: world.two.name });
    const seen = await visitor.stop();
    await world.fleet.inside(world.two, ['iptables', '-D', ...firewall]);
    expect(run).toMatchObject({ state: 'undone', problem: { code: 'way-blocked' } });
    expect(run.steps.find(({ name }) => name === 'close-site')?.state).toBe('waiting');
    expect(Object.keys(seen)).toEqual(['200']);
    expect(await world.serverOf(kurai)).toBe(world.one.name);
    expect(await leftOn(world.two, world.gabungan)).toEqual([]);
    expect(await leftOn(world.one, '-carry-')).toEqual([]);
    expect(await folderOn(world.two, kurai, 20000)).toEqual([]);
  }, 300_000);

  it('is planned with what it would do, and nothing is changed', async () => {
    const run = await world.run('move', kurai, { server: world.two.name, dryRun: true });
    expect(run).toMatchObject({ state: 'done', problem: null });
    const says = run.steps.flatMap((step) => step.says);
    expect(says).toContainEqual(
      expect.stringMatching(/^copy \/data\/d1307012001 to sp-move-2 while it serves: \d+ files/),
    );
    expect(says).toContainEqual(expect.stringMatching(/^show the maintenance page .* \(how long is not known yet\)$/));
    expect(await world.serverOf(kurai)).toBe(world.one.name);
    expect(await leftOn(world.two, world.runtime)).toEqual([]);
  }, 120_000);

  it('serves all the time but for a maintenance page, and every file arrives as it was', async () => {
    const before = await world.uidOf(kurai);
    // What a desa started beside its pages writes on for as long as it lives.
    const endless =
      'while (true) { file_put_contents("/data/{$argv[1]}/desa/upload/hidup", microtime()); usleep(5000); }';
    void world.as(kurai, world.one, ['php', '-r', endless, kurai.site]);
    const visitor = watch(world.one.host, kurai.domain);
    const other = watch(world.one.host, neighbour.domain);
    const run = await world.run('move', kurai, { server: world.two.name });
    const [seen, beside] = [await visitor.stop(), await other.stop()];
    expect(run).toMatchObject({ state: 'done', problem: null });
    expect(run.steps.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(Object.keys(seen).sort()).toEqual(['200', '503']);
    expect(Object.keys(beside)).toEqual(['200']);
    expect(await world.serverOf(kurai)).toBe(world.two.name);
    const old = await folderOn(world.one, kurai, before);
    // Caches and logs are written by the pages that proved it there.
    const lasting = (line: string): boolean => !/ (framework|logs|tmp)(\/|$)/.test(line);
    expect((await folderOn(world.two, kurai, await world.uidOf(kurai))).filter(lasting)).toEqual(old.filter(lasting));
    expect(old.length).toBeGreaterThan(40);
    for (const host of [world.one.host, world.two.host])
      expect(await visit(host, kurai.domain)).toMatchObject({ status: 200, body: expect.stringContaining('Kurai') });
    expect(await leftOn(world.one, '-carry-')).toEqual([]);
    const log = await world.log(run.id);
    expect(log).toContainEqual(expect.stringMatching(/^info maintenance page for \d+\.\d s$/));
    expect(log).toContainEqual(
      `warn point the DNS record of ${kurai.domain} to ${world.two.host}; ${world.one.name} passes visitors on for a day`,
    );
    expect(log).toContainEqual(
      expect.stringMatching(/files have the same sums on both servers; 1 pipes or sockets left/),
    );
  }, 300_000);

  it('is not moved again, nor removed, while its old place is kept; what its day costs is known from then on', async () => {
    const again = await world.run('move', kurai, { server: world.one.name });
    expect(again).toMatchObject({ state: 'undone', problem: { code: 'move-still-kept' } });
    const removed = await world.run('remove', kurai, { confirm: kurai.code });
    expect(removed).toMatchObject({ state: 'undone', problem: { code: 'move-still-kept' } });
    const plan = await world.run('move', neighbour, { server: world.two.name, dryRun: true });
    expect(plan.steps.flatMap(({ says }) => says)).toContainEqual(
      expect.stringMatching(/^show the maintenance page .* \(about \d+ s, as moves took before\)$/),
    );
  }, 120_000);

  it('leaves its old server when the day is over, by the clock', async () => {
    const { db } = world.ssh;
    const asked: string[] = [];
    const start = async (_: unknown, { verb }: { verb: string }) => {
      asked.push(verb);
      asked.push(await world.ask(verb, kurai));
      return {} as never;
    };
    await settleKept(db, { start } as never);
    expect(asked).toEqual([]);
    await db.query(`UPDATE move SET kept_until = now() - interval '1 minute' WHERE settled_at IS NULL`);
    await settleKept(db, { start } as never);
    expect(asked[0]).toBe('settle');
    expect(await world.take(asked[1]!)).toMatchObject({ state: 'done', problem: null });
    expect((await visit(world.one.host, kurai.domain)).status).toBe(404);
    expect((await visit(world.two.host, kurai.domain)).status).toBe(200);
    expect(await folderOn(world.one, kurai, 20000)).toEqual([]);
    expect((await visit(world.one.host, neighbour.domain)).status).toBe(200);
    await settleKept(db, { start } as never);
    expect(asked.length).toBe(2);
  }, 120_000);

  it('goes on where it stood when the new server was cut off in the middle of the copy', async () => {
    await write(
      neighbour,
      `for ($i = 0; $i < 12; $i++) file_put_contents("/data/{$argv[1]}/desa/upload/b$i", random_bytes(20 * 1024 * 1024));`,
    );
    const { workshop, processor } = world.ssh;
    const id = await world.ask('move', neighbour, { server: world.two.name });
    const taken = processor.take(id);
    const copying = async (): Promise<boolean> =>
      (await world.ssh.runOf(id)).steps.find(({ name }) => name === 'copy-folder')?.state === 'running';
    while (!(await copying())) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await world.fleet.cut(world.two);
    try {
      await taken;
      expect(await world.ssh.runOf(id)).toMatchObject({
        state: 'running',
        waiting: `server:${world.two.name}`,
        problem: null,
      });
      expect((await visit(world.one.host, neighbour.domain)).status).toBe(200);
    } finally {
      await world.fleet.mend(world.two);
    }
    const late = Date.now() + 120_000;
    while ((await world.ssh.show(world.two.name)).circuit.state !== 'closed' && Date.now() < late) {
      await workshop.probe();
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(await world.take(id)).toMatchObject({ state: 'done', problem: null });
    expect(await visit(world.two.host, neighbour.domain)).toMatchObject({ status: 200 });
    expect(await world.serverOf(neighbour)).toBe(world.two.name);
    expect((await (await world.docker(world.two)).container(world.runtime))?.state).toBe('running');
    expect(VERSION).toBe('v2602.0.0');
  }, 600_000);
});

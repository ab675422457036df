import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, utimes } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '#libs/core/retry.js';

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });

/** Programs of the product whose parent or environment is this folder's. */
async function programsOf(folder: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const [command, environment] = await Promise.all(
      ['cmdline', 'environ'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
    );
    const name = /dist\/apps\/(api|worker)\/main\.js/.exec(command!)?.[1];
    if (name && environment!.includes(`DATA_FOLDER=${folder}`)) found.set(name, Number(pid));
    if (command!.includes(`${folder}/postgres/cluster`)) found.set('postgres', Number(pid));
  }
  return found;
}

describe('npm run up', () => {
  let folder: string;
  let port: number;
  let parent: ChildProcess;
  const start = (): void => {
    const env = { ...process.env, DATA_FOLDER: folder, PORT: String(port), DATABASE_URL: '', NODE_OPTIONS: '' };
    parent = spawn(process.execPath, ['dist/apps/standalone/main.js'], { env, stdio: 'ignore' });
  };
  const wait = <T>(what: string, look: () => Promise<T | undefined>): Promise<T> =>
    until(look, { timeoutSeconds: 90, late: () => new Error(`not seen in 90 s: ${what}`) });
  const answers = (): Promise<true> =>
    wait(
      'an answer',
      () =>
        fetch(`http://127.0.0.1:${port}/healthz`).then(
          ({ ok }) => ok || undefined,
          () => undefined,
        ) as Promise<true>,
    );
  const programs = (count: number): Promise<Map<string, number>> =>
    wait(`${count} programs`, async () => {
      const found = await programsOf(folder);
      return found.size === count ? found : undefined;
    });
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    const gone = new Promise<number | null>((done) => parent.once('exit', done));
    parent.kill(signal);
    return gone;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sp-up-'));
    await chmod(folder, 0o755);
    port = await freePort();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('survives the death of its children and its own, and leaves nothing running when it is stopped', async () => {
    start();
    await answers();
    const first = await programs(3);

    process.kill(first.get('api')!, 'SIGKILL');
    await wait(
      'another api',
      async () => ((await programsOf(folder)).get('api') ?? first.get('api')) !== first.get('api') || undefined,
    );
    await answers();

    await end('SIGKILL');
    await wait(
      'the end of the children',
      async () => [...(await programsOf(folder)).keys()].join() === 'postgres' || undefined,
    );

    const half = join(folder, 'archives/half.partial');
    await mkdir(half, { recursive: true });
    // Of a process that was killed days ago; one of today may be at work still.
    const daysAgo = new Date(Date.now() - 3 * 86_400_000);
    await utimes(half, daysAgo, daysAgo);
    start();
    await answers();
    expect(await readdir(join(folder, 'archives'))).toEqual([]);
    expect((await programs(3)).get('postgres')).not.toBe(first.get('postgres'));
    expect(await end('SIGTERM')).toBe(0);
    expect([...(await programsOf(folder))]).toEqual([]);
  }, 240_000);
});

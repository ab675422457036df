import { chmod, mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readApps } from '#libs/templates/read-app.js';
import type { App } from '#libs/templates/manifest.js';
import { fakeBench, type FakeBench } from '#test/fakes/fake-bench.js';
import { prepareRelease, type PrepareWish } from './composer.js';
import { walk } from './tree.js';

const opensid = readApps('templates').get('opensid')!;
const app: App = {
  ...opensid,
  build: {
    composer: 'install',
    layers: ['vendor'],
    folders: ['bootstrap/cache'],
    files: [],
    remove: ['app/Ubah*.php'],
    links: { 'public/storage': '../storage/app' },
    hooks: [{ run: ['php', 'artisan', 'discover'], makes: ['bootstrap/cache/packages.php'], timeoutSeconds: 60 }],
  },
};
const AUTH = '{"github-oauth":{"github.com":"emas-murni"}}';
const MADE = '/var/www/html/bootstrap/cache/packages.php';

let folder: string;
let fake: FakeBench;
let kept: string | null;
let said: string[];
let seenByHook: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siappakai-prepare-'));
  [kept, said, seenByHook] = [null, [], []];
  fake = fakeBench((files) => {
    seenByHook = [...files.keys()];
    files.set(MADE, '<?php return [];');
    return { code: 1, stdout: '', stderr: 'emas-murni\n' };
  });
  for (const path of ['tree/app', 'tree/bootstrap/cache', 'composer'])
    await mkdir(join(folder, path), { recursive: true });
  await put('composer.json', '{"require":{"php":"^8.1"},"require-dev":{"x/x":"*"},"config":{"lock":false}}');
  await put('app/UbahSatu.php', '<?php');
  await put('app/Tetap.php', '<?php');
  await put('bootstrap/cache/packages.php', 'stale');
  await writeFile(join(folder, 'composer/auth.json'), AUTH, { mode: 0o600 });
  await chmod(join(folder, 'composer/auth.json'), 0o600);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = (path: string, content: string): Promise<void> => writeFile(join(folder, 'tree', path), content);
const wish = (more: Partial<PrepareWish> = {}): PrepareWish => ({
  docker: fake.docker,
  app,
  release: { id: 'r1', php: '8.2' },
  tree: join(folder, 'tree'),
  limits: { bytes: 2 ** 20, files: 100 },
  composerFolder: join(folder, 'composer'),
  locks: { composerLock: async () => kept, keepComposerLock: async (_id, lock) => (kept ??= lock) },
  tell: (line) => said.push(line),
  ...more,
});
const prepare = async (more: Partial<PrepareWish> = {}): Promise<void> => (await prepareRelease(wish(more))).run();
const treePaths = async (): Promise<string[]> => (await walk(join(folder, 'tree'))).map(({ path }) => path);

describe('a release is made ready', () => {
  it('with its packages, its links and what its hooks make', async () => {
    await prepare();
    expect(await readFile(join(folder, 'tree/vendor/autoload.php'), 'utf8')).toBe('<?php');
    expect(await readFile(join(folder, 'tree/bootstrap/cache/packages.php'), 'utf8')).toBe('<?php return [];');
    expect(await readlink(join(folder, 'tree/public/storage'))).toBe('../storage/app');
  });

  it('where its hooks see neither what is left out nor what they are to make themselves', async () => {
    await prepare();
    expect(seenByHook).toContain('/var/www/html/app/Tetap.php');
    expect(seenByHook).not.toContain('/var/www/html/app/UbahSatu.php');
    expect(seenByHook).not.toContain(MADE);
  });

  it('with a network and the token only where no code of it runs', async () => {
    await prepare();
    expect(
      fake.ran.map(({ argv }) => argv.split(' ').find((word) => /update|fetch|install|artisan/.test(word))),
    ).toEqual(['update', 'fetch', 'install', 'artisan']);
    for (const { argv, env, networks, readOnlyCache } of fake.ran) {
      const isFetching = /update|fetch/.test(argv);
      expect({ argv, networks, readOnlyCache }).toEqual({
        argv,
        networks: isFetching ? ['bridge'] : [],
        readOnlyCache: !isFetching,
      });
      expect(env['COMPOSER_AUTH']).toBe(isFetching ? AUTH : undefined);
      expect(argv).not.toContain('emas-murni');
    }
    expect(fake.ran[0]!.argv).toMatch(/--no-scripts .*--no-plugins/);
  });

  it('without a word of the token in what is told', async () => {
    fake.missing = ['emas-murni/paket 1.0'];
    const problem = (await prepare().catch((error: unknown) => error)) as Error;
    expect(problem.message).toContain('[rahasia]/paket 1.0');
    expect(problem.message + said.join()).not.toContain('emas-murni');
  });

  it('with the lock that was kept, when it was made ready before; the key is the same then', async () => {
    const first = await prepareRelease(wish());
    const ran = fake.ran.length;
    expect((await prepareRelease(wish())).key).toBe(first.key);
    expect(fake.ran).toHaveLength(ran);
  });

  it('without what only its makers need, when the lock is ours', async () => {
    let json = '';
    const putArchive: PrepareWish['docker']['putArchive'] = async (name, path, tar) => {
      await fake.docker.putArchive(name, path, tar);
      json = fake.containers.get(name)!.files.get('/var/www/html/composer.json') ?? json;
    };
    await prepare({ docker: { ...fake.docker, putArchive } });
    expect(JSON.parse(json)).toEqual({ require: { php: '^8.1' }, config: { lock: true } });
  });

  it('but not on a PHP that its kept lock refuses', async () => {
    kept = JSON.stringify({ packages: [{ name: 'a/a', version: '1', require: { php: '>=8.3' } }] });
    await expect(prepare()).rejects.toMatchObject({
      code: 'composer-php-mismatch',
      data: { packages: ['a/a 1 (php >=8.3)'] },
    });
    expect(fake.calls).toBe(0);
  });

  it('by hooks and links alone, where composer has nothing to do', async () => {
    await prepare({ app: { ...app, build: { ...app.build, composer: 'none' } } });
    expect(fake.ran.map(({ argv }) => argv)).toEqual(['php artisan discover']);
    expect(await treePaths()).not.toContain('vendor');
  });
});

describe('whatever fails on the way', () => {
  it('leaves no container, at whichever call of the engine', async () => {
    await prepare();
    const calls = fake.calls;
    expect(calls).toBeGreaterThan(10);
    for (let call = 1; call <= calls; call += 1) {
      [fake.calls, fake.failAt, kept] = [0, call, null];
      await expect(prepare()).rejects.toMatchObject({ code: 'server-unreachable' });
      expect([call, fake.containers.size]).toEqual([call, 0]);
    }
  });

  it('is a hook that does not write what it makes, however well it ended', async () => {
    fake = fakeBench(() => ({ code: 0, stdout: '', stderr: 'sudah' }));
    await expect(prepare()).rejects.toMatchObject({
      code: 'build-hook-failed',
      data: { command: 'php artisan discover', exit: 0, missing: 'bootstrap/cache/packages.php', line: 'sudah' },
    });
    expect(fake.containers.size).toBe(0);
  });
});

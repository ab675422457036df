import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readApps } from '#libs/templates/read-app.js';
import type { App } from '#libs/templates/manifest.js';
import { inspect } from './inspect.js';

const opensid = readApps('templates').get('opensid')!;
const pbb: App = {
  ...opensid,
  app: 'pbb',
  title: 'Aplikasi PBB',
  identify: ['artisan', 'app/Models/Sppt.php'],
  release: { version: { file: 'config/app.php', pattern: "'version' => '([^']+)'" } },
};
const APPS = new Map([opensid, pbb].map((app) => [app.app, app]));

let tree: string;
beforeEach(async () => void (tree = await mkdtemp(join(tmpdir(), 'siappakai-inspect-'))));
afterEach(() => rm(tree, { recursive: true, force: true }));

async function put(files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), content);
  }
}
const HELPER = 'donjo-app/helpers/opensid_helper.php';
const putOpensid = (...lines: string[]): Promise<void> =>
  put({ 'index.php': '', [HELPER]: ['<?php', ...lines].join('\n') });
const putPbb = (version = "'version' => '2410.1.0'"): Promise<void> =>
  put({ artisan: '', 'app/Models/Sppt.php': '', 'config/app.php': version });

describe('a release', () => {
  it('tells its version, the database it brings and the oldest version it takes over from', async () => {
    await putOpensid(
      "define('VERSION', '2410.0.0');",
      "define('VERSI_DATABASE', '2024100101');",
      "define('MINIMUM_VERSI', '2312');",
    );
    expect(await inspect(tree, 'opensid', APPS)).toEqual({
      app: 'opensid',
      version: 'v2410.0.0',
      edition: 'umum',
      php: '8.2',
      databaseVersion: '2024100101',
      minimumVersion: 'v2312.0.0',
    });
  });

  it('that names neither database nor minimum version is taken without them', async () => {
    await putPbb();
    expect(await inspect(tree, 'pbb', APPS)).toMatchObject({
      version: 'v2410.1.0',
      databaseVersion: null,
      minimumVersion: null,
    });
  });

  it.each([
    ['a flag', "define('VERSION', '2508.0.0'); define('PREMIUM', true);", 'v2508.0.0-premium', 'premium'],
    ['its version', "define('VERSION', '2508.0.0-premium');", 'v2508.0.0-premium', 'premium'],
    ['nothing', "define('VERSION', '2508.0.0'); define('PREMIUM', false);", 'v2508.0.0', 'umum'],
  ])('called premium by %s', async (_by, line, version, edition) => {
    await putOpensid(line);
    expect(await inspect(tree, 'opensid', APPS)).toMatchObject({ version, edition });
  });

  it.each([
    ['2408.0.0', '7.4'],
    ['2409.0.0', '8.2'],
  ])('%s runs on PHP %s', async (version, php) => {
    await putOpensid(`define('VERSION', '${version}');`);
    expect(await inspect(tree, 'opensid', APPS)).toMatchObject({ php });
  });

  it('without a version, with an odd one, or for which no PHP is named, is refused', async () => {
    await putOpensid();
    const missing = { code: 'release-version-missing', data: { app: 'opensid', file: HELPER } };
    await expect(inspect(tree, 'opensid', APPS)).rejects.toMatchObject(missing);
    await putOpensid("define('VERSION', 'terbaru');");
    await expect(inspect(tree, 'opensid', APPS)).rejects.toMatchObject({ code: 'version-malformed' });
    await putOpensid("define('VERSION', '2410.0.0');");
    const newer = new Map([['opensid', { ...opensid, php: [{ from: 'v2501', version: '8.2' as const, or: [] }] }]]);
    await expect(inspect(tree, 'opensid', newer)).rejects.toMatchObject({ code: 'release-php-unknown' });
  });
});

describe('another application offered as OpenSID is refused, naming', () => {
  const refused = (found: string, apps: ReadonlyMap<string, App> = APPS): Promise<void> =>
    expect(inspect(tree, 'opensid', apps)).rejects.toMatchObject({
      code: 'release-wrong-app',
      data: { wanted: 'opensid', found },
    });

  it('the application and its version, when it is one of ours', async () => {
    await putPbb();
    await refused('Aplikasi PBB v2410.1.0');
  });
  it('the application alone, when it does not tell its version', async () => {
    await putPbb('');
    await refused('Aplikasi PBB');
  });
  it('the name composer has for it, when it is none of ours', async () => {
    await putPbb();
    await put({ 'composer.json': '{ "name": "opendesa/pbb" }' });
    await refused('opendesa/pbb', new Map([['opensid', opensid]]));
  });
  it('the first things in it, when nothing else is known', async () => {
    await put({ 'composer.json': 'no json', b: '', a: '', 'c/d': '', e: '', f: '' });
    await refused('a, b, c, composer.json, e');
  });
  it('nothing, when it is empty', () => refused('–'));
  it('as an application that only half looks like it', async () => {
    await put({ 'index.php': '' });
    await refused('index.php');
  });
  it('but an unknown application is told as such', async () => {
    await expect(inspect(tree, 'tidak-ada', APPS)).rejects.toMatchObject({ code: 'app-unknown' });
  });
});

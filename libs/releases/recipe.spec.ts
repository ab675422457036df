import { readApps } from '#libs/templates/read-app.js';
import type { App } from '#libs/templates/manifest.js';
import { belongs, dockerfileOf, layersOf, missingIn, restOf } from './recipe.js';
import type { TreeEntry } from './tree.js';

const opensid = readApps('templates').get('opensid')!;
const appWith = (build: Partial<App['build']>): App => ({
  ...opensid,
  build: { composer: 'none', layers: [], folders: [], files: [], remove: [], links: {}, hooks: [], ...build },
});
const file = (path: string): TreeEntry => ({ path, kind: 'file' });
const dir = (path: string): TreeEntry => ({ path, kind: 'folder' });
const layersWith = (app: App, entry: TreeEntry): number[] =>
  layersOf(app).filter((layer) => belongs(app, entry, layer));

describe('the recipe', () => {
  it('puts what seldom changes first, each in a layer, and the rest last', () =>
    expect(dockerfileOf(appWith({ layers: ['vendor', 'assets'] }), '8.2')).toBe(
      ['FROM siappakai/php:8.2', 'ADD layers/0.tar /', 'ADD layers/1.tar /', 'ADD layers/2.tar /', ''].join('\n'),
    ));

  it.each([
    [['a/b', 'a-b'], 'a/b/c', 0],
    [['a/b', 'a-b'], 'a-b/c', 1],
    [['rest'], 'rest/x', 0],
    [['rest'], 'x', 1],
    [['vendor'], 'vendor', 0],
    [['vendor'], 'vendored/x', 1],
    [[], 'vendor/x', 0],
  ])('with the layers %j puts %s into layer %d alone', (layers, path, layer) =>
    expect(layersWith(appWith({ layers }), file(path))).toEqual([layer]),
  );

  it('puts a folder above the folder of a layer into that layer too, a file of that name not', () => {
    const app = appWith({ layers: ['storage/app/big', 'x'] });
    expect(layersWith(app, dir('storage'))).toEqual([0, restOf(app)]);
    expect(layersWith(app, dir('storage/app'))).toEqual([0, restOf(app)]);
    expect(layersWith(app, file('storage'))).toEqual([restOf(app)]);
  });

  it('leaves out what is removed, with all below it, also from a layer', () => {
    const app = appWith({ layers: ['vendor'], remove: ['.github', 'vendor/bin'] });
    for (const path of ['.github', '.github/x', 'vendor/bin/phpunit']) expect(layersWith(app, file(path))).toEqual([]);
    expect(layersWith(app, file('.githubx'))).toEqual([restOf(app)]);
  });

  it('leaves out what a star names, within one folder', () => {
    const app = appWith({ remove: ['app/Commands/Ubah*.php', 'tests*'] });
    for (const path of ['app/Commands/UbahA.php', 'app/Commands/Ubah.php', 'tests', 'tests-lama/x'])
      expect(layersWith(app, file(path))).toEqual([]);
    for (const path of ['app/Commands/Ubah/x.php', 'app/Commands/UbahAxphp', 'app/tests'])
      expect(layersWith(app, file(path))).toEqual([restOf(app)]);
  });
});

describe('what the code would create itself', () => {
  const app = appWith({ folders: ['a/b/c', 'e'], files: ['a/r/web.php', 'f'], remove: ['e'] });

  it('is made empty, the folders above it too, in an order that can be unpacked', () =>
    expect(missingIn(app, [])).toEqual([
      dir('a'),
      dir('a/b'),
      dir('a/b/c'),
      dir('a/r'),
      file('a/r/web.php'),
      dir('e'),
      file('f'),
    ]));

  it('is left alone where the release brings it, and made again where it was removed', () => {
    const brought = [dir('a'), dir('a/b'), dir('a/b/c'), dir('a/r'), file('a/r/web.php'), dir('e'), file('f')];
    expect(missingIn(app, brought)).toEqual([dir('e')]);
  });
});

import { parseManifest } from './read-app.js';

describe('a manifest', () => {
  it('that is not YAML tells the line', () =>
    expect(() => parseManifest('app: [', 'app.yaml')).toThrow(/app\.yaml:1:\d+/));
  it('with an unknown word tells line and word', () =>
    expect(() => parseManifest('app: toy\nscope: village\n', 'app.yaml')).toThrow(/app\.yaml:2:8: scope: /));
  it('that lacks a part names the part', () => expect(() => parseManifest('app: toy\n', 'app.yaml')).toThrow(/health/));
});

describe('how a release becomes an image', () => {
  const withBuild = (...lines: string[]): string =>
    ['app: toy', 'build:', '  composer: install', ...lines.map((line) => `  ${line}`), ''].join('\n');
  it.each([
    ['a hook that runs nothing', ['hooks:', '  - { run: [] }'], 'app.yaml:5:14: build.hooks.0.run: '],
    ['a hook that is one string', ["hooks: [{ run: 'php artisan' }]"], 'app.yaml:4:18: build.hooks.0.run: '],
    [
      'a hook with an unknown word',
      ['hooks:', '  - { run: [php], expectFiles: [a] }'],
      'app.yaml:5:7: build.hooks.0: ',
    ],
    [
      'something made outside the tree',
      ['hooks:', '  - { run: [php], makes: [../a] }'],
      'app.yaml:5:29: build.hooks.0.makes.0: must be a path inside the tree',
    ],
    [
      'a folder by its absolute path',
      ['folders: [a, /b]'],
      'app.yaml:4:16: build.folders.1: must be a path inside the tree',
    ],
    [
      'a link that leads out of the tree',
      ['links:', '  public/storage: ../../storage'],
      'app.yaml:5:21: build.links.public/storage: must lead to a place inside the tree',
    ],
    [
      'a link to an absolute path',
      ['links: { public/storage: /data }'],
      'app.yaml:4:28: build.links.public/storage: must lead to a place inside the tree',
    ],
    ['a link that stands outside', ['links: { ../x: y }'], 'app.yaml:4:18: build.links.../x: '],
    ['composer as a yes', [], ''],
  ])('%s is told with its place', (what, lines, told) => {
    const text = withBuild(...lines).replace('install', what === 'composer as a yes' ? 'yes' : 'install');
    const wanted = told || 'app.yaml:3:13: build.composer: ';
    expect(() => parseManifest(text, 'app.yaml')).toThrow(wanted);
  });

  it('on a line of PHP that we do not have is told with its place', () =>
    expect(() => parseManifest("php:\n  - { version: '8.2', or: ['8.3'] }\n", 'app.yaml')).toThrow(
      /app\.yaml:2:28: php\.0\.or\.0: /,
    ));
});

describe('an address below a domain', () => {
  const withAddress = (...lines: string[]): (() => unknown) => {
    const text = ['app: toy', 'address:', ...lines.map((line) => `  ${line}`), ''].join('\n');
    return () => parseManifest(text, 'app.yaml');
  };
  it.each([
    [['path: /a/b', 'prefix: base'], 'app.yaml:3:9: address.path: must be one part of a path'],
    [['path: pbb', 'prefix: base'], 'app.yaml:3:9: address.path: '],
    [['path: /pbb', 'prefix: kept'], 'app.yaml:4:11: address.prefix: '],
    [['path: /pbb', 'prefix: own', 'rewrites: { "/x y": / }'], 'address.rewrites./x y: '],
  ])('that cannot be one is told with its place', (lines, told) => expect(withAddress(...lines)).toThrow(told));
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { differences, parseLock, readComposerTree } from './composer-files.js';

let tree: string;
beforeEach(async () => void (tree = await mkdtemp(join(tmpdir(), 'siappakai-composer-'))));
afterEach(() => rm(tree, { recursive: true, force: true }));

async function put(file: string, content: unknown): Promise<void> {
  await mkdir(dirname(join(tree, file)), { recursive: true });
  await writeFile(join(tree, file), typeof content === 'string' ? content : JSON.stringify(content));
}
const one = (name: string, version: string, require: unknown = []): unknown => ({ name, version, require });

describe('what a tree says of its packages', () => {
  it('is read from its lock and its vendor, without those of its makers', async () => {
    await put('composer.json', { require: { php: '^8.1' } });
    await put('composer.lock', { packages: [one('A/B', 'v1.0.0', { php: '>=8' })], 'packages-dev': [one('x/x', '1')] });
    await put('vendor/composer/installed.json', {
      packages: [one('a/b', '1.0.0'), one('x/x', '1')],
      'dev-package-names': ['x/x'],
    });
    expect(await readComposerTree(tree)).toEqual({
      root: { require: { php: '^8.1' } },
      lock: [{ name: 'a/b', version: 'v1.0.0', require: { php: '>=8' } }],
      installed: [{ name: 'a/b', version: '1.0.0', require: {} }],
    });
  });

  it('without a lock and a vendor is what composer.json asks for', async () => {
    await put('composer.json', {});
    expect(await readComposerTree(tree)).toEqual({ root: { require: {} }, lock: undefined, installed: undefined });
  });

  it('is refused without composer.json', () =>
    expect(readComposerTree(tree)).rejects.toMatchObject({ code: 'composer-json-missing' }));

  it.each([['{'], ['[]'], ['{}'], ['{"packages":[{"name":"a/b"}]}']])(
    'is refused when the lock is %s',
    async (lock) => {
      await put('composer.json', {});
      await put('composer.lock', lock);
      await expect(readComposerTree(tree)).rejects.toMatchObject({
        code: 'composer-file-damaged',
        data: { file: 'composer.lock' },
      });
    },
  );
});

describe('a lock and a vendor', () => {
  const lock = parseLock(
    JSON.stringify({ packages: [one('a/a', 'v1.2.0'), one('b/b', '2.0.0'), one('c/c', '3.0.0')] }),
  );
  it('differ by what is missing and by what is there in another version', () =>
    expect(
      differences(lock, [
        { name: 'a/a', version: '1.2.0', require: {} },
        { name: 'b/b', version: 'v2.1.0', require: {} },
        { name: 'd/d', version: '9', require: {} },
      ]),
    ).toEqual({ missing: ['c/c 3.0.0'], other: ['b/b 2.0.0 (vendor: v2.1.0)'] }));
});

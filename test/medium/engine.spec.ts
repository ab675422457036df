import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as names from '#libs/catalog/names.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import { tarOf } from '#libs/servers/files.js';

describe('a server that does not answer', () => {
  it('is told as such: refused at once, or silent behind an open socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'siappakai-engine-'));
    const silent = createServer().listen(join(folder, 'silent.sock'));
    try {
      for (const name of ['silent', 'absent'])
        await expect(connectEngine(`unix:${join(folder, `${name}.sock`)}`).ping()).rejects.toMatchObject({
          code: 'server-unreachable',
        });
    } finally {
      silent.close();
      await rm(folder, { recursive: true });
    }
  }, 60_000);
});

describe('the engine', () => {
  const docker = connectEngine('unix:/var/run/docker.sock');
  const [name, volume] = ['sp-engine-spec', 'sp-engine-spec-data'];
  const clear = async (): Promise<void> => {
    await docker.remove(name);
    await docker.removeVolume(volume);
  };
  beforeAll(clear);
  afterAll(clear);

  it('tells what stands at a path, links not followed', async () => {
    await docker.ensureVolume(volume, names.labels());
    await docker.create({ name, image: names.gatewayImage(), mounts: [{ volume, path: '/v' }] });
    const tree = await tarOf([
      { kind: 'folder', path: 'folder' },
      { kind: 'file', path: 'folder/file', content: 'x' },
      { kind: 'link', path: 'link', to: 'folder' },
    ]);
    await docker.putArchive(name, '/v', tree);
    const kinds = await Promise.all(
      ['folder', 'folder/file', 'link', 'nothing', 'nothing/below'].map(
        async (path) => (await docker.stat(name, `/v/${path}`))?.kind,
      ),
    );
    expect(kinds).toEqual(['folder', 'file', 'link', undefined, undefined]);
  });
});

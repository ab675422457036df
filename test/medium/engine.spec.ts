import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash, randomBytes } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import * as names from '#libs/catalog/names.js';
import type { Docker } from '#libs/servers/docker.js';
import { connectEngine, connectEngineOver } from '#libs/servers/drivers/engine.js';
import { SshLink } from '#libs/servers/drivers/ssh.js';
import { firstFileOf, tarOf } from '#libs/servers/files.js';
import { startFleet } from '#test/fleet/fleet.js';

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

/** The port keeps its promises wherever the engine stands: here, or at the far end of an SSH link. */
const PLACES: { place: string; open: () => Promise<{ docker: Docker; close: () => Promise<void> }> }[] = [
  {
    place: 'on this machine',
    open: async () => ({ docker: connectEngine('unix:/var/run/docker.sock'), close: async () => undefined }),
  },
  {
    place: 'over SSH',
    open: async () => {
      const fleet = await startFleet(1, 'sp-engine-ssh');
      const server = fleet.servers[0]!;
      await fleet.load(server, [names.gatewayImage()]);
      const link = new SshLink(await server.login());
      return {
        docker: connectEngineOver(link, server.name),
        close: async () => {
          await link.close();
          await fleet.end();
        },
      };
    },
  },
];

describe.each(PLACES)('the engine $place', ({ open }) => {
  let docker: Docker;
  let close: () => Promise<void>;
  const [name, volume, network] = ['sp-engine-spec', 'sp-engine-spec-data', 'sp-engine-spec-net'];
  const clear = async (): Promise<void> => {
    await docker.remove(name);
    await docker.removeVolume(volume);
    await docker.removeNetwork(network);
  };
  beforeAll(async () => {
    ({ docker, close } = await open());
    await clear();
    await docker.ensureVolume(volume, names.labels());
    await docker.ensureNetwork(network, { internal: true, labels: { 'siappakai.run': name } });
    await docker.create({
      ...{ name, image: names.gatewayImage(), mounts: [{ volume, path: '/v' }] },
      ...{ entrypoint: ['sleep', '600'], networks: [{ name: network }], stopSeconds: 0 },
    });
  }, 300_000);
  afterAll(async () => {
    await clear();
    await close();
  });

  it('finds networks by their labels alone', async () => {
    expect(await docker.networks({ 'siappakai.run': name })).toEqual([network]);
    expect(await docker.networks({ 'siappakai.run': 'another' })).toEqual([]);
  });

  it('tells what stands at a path, links not followed', async () => {
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

  it('gives back the bytes it was given, more than one window of them', async () => {
    const content = randomBytes(6 * 1024 * 1024);
    await docker.putArchive(name, '/v', await tarOf([{ kind: 'file', path: 'besar', content }]));
    const tar = await docker.getArchive(name, '/v/besar');
    expect((await firstFileOf(tar!))?.equals(content)).toBe(true);
    expect(await docker.getArchive(name, '/v/tidak-ada')).toBeUndefined();
  });

  it('runs argv in a container: what it reads, what it says, how it ends', async () => {
    await docker.start(name);
    const said = await docker.exec(name, ['cat'], { stdin: Readable.from(['masuk']) });
    expect(said).toEqual({ code: 0, stdout: 'masuk', stderr: '' });
    const failed = await docker.exec(name, ['sh', '-c', 'echo salah >&2; exit 3'], { env: { A: 'b' } });
    expect(failed).toEqual({ code: 3, stdout: '', stderr: 'salah\n' });
  });

  it('pipes more than fits into memory at once, whole and in order', async () => {
    const seen = createHash('sha256');
    let bytes = 0;
    const stdout = new Writable({
      write: (part: Buffer, _, done) => {
        seen.update(part);
        bytes += part.length;
        setImmediate(done);
      },
    });
    const { code } = await docker.pipe(name, ['head', '-c', '16777216', '/dev/zero'], { stdout });
    expect({ code, bytes }).toEqual({ code: 0, bytes: 16_777_216 });
    expect(seen.digest('hex')).toBe(createHash('sha256').update(Buffer.alloc(16_777_216)).digest('hex'));
  });

  it('opens a stream to a process and hears both ways', async () => {
    const stream = await docker.dial(name, ['cat']);
    const heard = new Promise<string>((resolve) => stream.once('data', (part: Buffer) => resolve(part.toString())));
    stream.write('halo');
    expect(await heard).toBe('halo');
    stream.destroy();
  });

  it('tells a missing thing from a server that is away', async () => {
    expect(await docker.container('sp-tidak-ada')).toBeUndefined();
    await expect(docker.start('sp-tidak-ada')).rejects.toMatchObject({ code: 'engine-refused' });
    await expect(docker.create({ name, image: names.gatewayImage() })).rejects.toMatchObject({
      code: 'container-exists',
    });
  });
});

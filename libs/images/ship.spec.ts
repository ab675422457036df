import type { Docker } from '#libs/servers/docker.js';
import type { Manifest } from './manifest.js';
import type { Registry } from './registry.js';
import { bring, offer, type Berth } from './ship.js';

const WANTED = { image: 'siappakai/opensid:v1', imageId: 'sha256:built' };
const MANIFEST: Manifest = { digest: 'sha256:m', imageId: 'sha256:built', layers: [] };

/** A server's engine as names and what they stand for; what a pull brings may be told. */
class FakeEngine {
  readonly named = new Map<string, string>();
  readonly said: string[] = [];
  /** Ports on its loopback that lead to us now. */
  readonly open: number[] = [];

  constructor(private readonly pulled: string | Error = 'sha256:built') {}

  berth(isFar = true): Berth {
    const docker: Partial<Docker> = {
      pull: async (reference) => {
        this.said.push(`pull ${reference}`);
        if (this.pulled instanceof Error) throw this.pulled;
        this.named.set(reference, this.pulled);
      },
      push: async (reference) => void this.said.push(`push ${reference} ${this.named.get(reference)}`),
      image: async (reference) => {
        const id = this.named.get(reference);
        return id === undefined ? undefined : { id, sizeBytes: 1, labels: {} };
      },
      tag: async (image, as) => void this.named.set(as, this.named.get(image) ?? image),
      removeImage: async (reference) => void this.named.delete(reference),
    };
    const reverse: Berth['reverse'] = async () => {
      this.open.push(4001);
      return { port: 4001, close: async () => void this.open.pop() };
    };
    return { server: 'satu', docker: docker as Docker, ...(isFar ? { reverse } : {}) };
  }
}

const registryWith = (manifest: Manifest | undefined): Registry => ({
  ensure: async () => {},
  manifest: async () => manifest,
  dial: () => Promise.reject(new Error('nobody dials')),
  withDoor: (act) => act({ port: 5001, dial: () => Promise.reject(new Error('nobody dials')) }),
  forget: async () => {},
  tidy: async () => {},
});

describe('an image that is brought to a server', () => {
  it('comes by its digest through a port on the loopback, gets its name, and leaves neither', async () => {
    const engine = new FakeEngine();
    await bring(registryWith(MANIFEST), engine.berth(), WANTED);
    expect(engine.said).toEqual(['pull 127.0.0.1:4001/siappakai/opensid@sha256:m']);
    expect([...engine.named]).toEqual([['siappakai/opensid:v1', 'sha256:built']]);
    expect(engine.open).toEqual([]);
  });

  it('comes to the engine beside us without a tunnel', async () => {
    const engine = new FakeEngine();
    await bring(registryWith(MANIFEST), engine.berth(false), WANTED);
    expect(engine.said).toEqual(['pull 127.0.0.1:5001/siappakai/opensid@sha256:m']);
  });

  it.each<[string, Manifest | undefined]>([
    ['is another than the one that was built', { ...MANIFEST, imageId: 'sha256:other' }],
    ['is not in the registry', undefined],
  ])('and %s is refused before the server is asked for anything', async (_, manifest) => {
    const engine = new FakeEngine();
    const found = manifest?.imageId ?? null;
    await expect(bring(registryWith(manifest), engine.berth(), WANTED)).rejects.toMatchObject({
      code: 'image-differs',
      data: { ...{ image: WANTED.image, built: 'sha256:built' }, found },
    });
    expect([engine.said, [...engine.named]]).toEqual([[], []]);
  });

  it('and arrives as another never gets the name, and goes', async () => {
    const engine = new FakeEngine('sha256:other');
    engine.named.set('siappakai/opensid:v1', 'sha256:before');
    await expect(bring(registryWith(MANIFEST), engine.berth(), WANTED)).rejects.toMatchObject({
      code: 'image-differs',
    });
    expect([...engine.named]).toEqual([['siappakai/opensid:v1', 'sha256:before']]);
    expect(engine.open).toEqual([]);
  });

  it('and does not arrive leaves no port open', async () => {
    const engine = new FakeEngine(new Error('cut'));
    await expect(bring(registryWith(MANIFEST), engine.berth(), WANTED)).rejects.toThrow('cut');
    expect(engine.open).toEqual([]);
  });
});

it.each([
  [true, 4001],
  [false, 5001],
])('an image is offered by its id, whatever its name says now (over a tunnel: %s)', async (isFar, port) => {
  const engine = new FakeEngine();
  engine.named.set('siappakai/opensid:v1', 'sha256:renamed');
  await offer(registryWith(undefined), engine.berth(isFar), WANTED);
  expect(engine.said).toEqual([`push 127.0.0.1:${port}/siappakai/opensid:v1 sha256:built`]);
  expect([...engine.named.keys()]).toEqual(['siappakai/opensid:v1']);
  expect(engine.open).toEqual([]);
});

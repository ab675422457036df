import { pipeline, type Duplex } from 'node:stream';
import { NotProved } from '#libs/core/errors.js';
import type { Docker } from '#libs/servers/docker.js';
import { partsOf, type Manifest } from './manifest.js';
import { following, type Moved } from './moving.js';
import type { Door, Registry } from './registry.js';

/** An image by its name and by what it must be. */
export interface WantedImage {
  image: string;
  imageId: string;
}

/** The engine of a server, and how a port on that server's loopback is made to lead to us; the engine beside us needs none. */
export interface Berth {
  server: string;
  docker: Docker;
  reverse?(receive: (socket: Duplex) => void): Promise<{ readonly port: number; close(): Promise<void> }>;
}

const ignore = (): void => undefined;

/**
 * From our registry to a server: only what it lacks travels. What stands in the registry is compared with what was built
 * before the server is asked for anything, and what arrived before it gets the name that runtimes start from.
 * Throws `image-differs`, and what `Docker.pull` throws.
 */
export async function bring(
  registry: Registry,
  berth: Berth,
  wanted: WantedImage,
  hear: (moved: Moved) => void = ignore,
): Promise<Moved> {
  const manifest = await registry.manifest(wanted.image);
  assertSame(wanted, manifest?.imageId);
  if (!berth.reverse)
    return registry.withDoor(({ port }) => pullAt(port, berth, { ...wanted, manifest: manifest! }, hear));
  const act = (port: number): Promise<Moved> => pullAt(port, berth, { ...wanted, manifest: manifest! }, hear);
  return through(berth.reverse.bind(berth), () => registry.dial(), act);
}

/** From the engine that has it into our registry. */
export async function offer(registry: Registry, berth: Berth, wanted: WantedImage): Promise<void> {
  await registry.withDoor(async (door: Door) => {
    const act = (port: number): Promise<void> => pushAt(port, berth, wanted);
    await (berth.reverse ? through(berth.reverse.bind(berth), () => door.dial(), act) : act(door.port));
  });
}

function assertSame({ image, imageId }: WantedImage, found: string | undefined): void {
  if (found !== imageId) throw new NotProved('image-differs', { image, built: imageId, found: found ?? null });
}

type Arriving = WantedImage & { manifest: Manifest };

async function pullAt(
  port: number,
  { docker }: Berth,
  { manifest, ...wanted }: Arriving,
  hear: (moved: Moved) => void,
): Promise<Moved> {
  const moving = following(manifest.layers);
  const reference = `127.0.0.1:${port}/${partsOf(wanted.image).name}@${manifest.digest}`;
  await docker.pull(reference, (event) => {
    moving.hear(event);
    hear(moving.now());
  });
  try {
    assertSame(wanted, (await docker.image(reference))?.id);
    await docker.tag(reference, wanted.image);
  } finally {
    // Another name goes; what has no other name goes with it.
    await docker.removeImage(reference).catch(ignore);
  }
  return moving.now();
}

async function pushAt(port: number, { docker }: Berth, { image, imageId }: WantedImage): Promise<void> {
  const reference = `127.0.0.1:${port}/${image}`;
  await docker.tag(imageId, reference);
  try {
    await docker.push(reference);
  } finally {
    await docker.removeImage(reference).catch(ignore);
  }
}

/** While `act` works, a port on the server's loopback leads to what is dialled. */
async function through<T>(
  reverse: NonNullable<Berth['reverse']>,
  dial: () => Promise<Duplex>,
  act: (port: number) => Promise<T>,
): Promise<T> {
  const way = await reverse((socket) => void join(socket, dial));
  try {
    return await act(way.port);
  } finally {
    await way.close();
  }
}

async function join(socket: Duplex, dial: () => Promise<Duplex>): Promise<void> {
  try {
    const far = await dial();
    pipeline(socket, far, ignore);
    pipeline(far, socket, ignore);
  } catch (error) {
    socket.destroy(error as Error);
  }
}

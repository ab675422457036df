import type { Duplex } from 'node:stream';
import * as names from '#libs/catalog/names.js';
import { AppError, Conflict, Unavailable } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import { until } from '#libs/core/retry.js';
import { ask, askAgain, dialledAgent, type HttpAnswer } from '#libs/servers/dialled-http.js';
import type { ContainerSpec, Docker } from '#libs/servers/docker.js';
import { MANIFEST_TYPE, manifestOf, partsOf, type Manifest } from './manifest.js';

/** Where images come in or go out: a port on the loopback of the engine's machine, and streams to the same. */
export interface Door {
  port: number;
  dial(): Promise<Duplex>;
}

/**
 * The registry beside the control plane. Who fetches meets a reader that cannot write; who brings gets a door of its own,
 * which stands no longer than that. No container and no network reaches either.
 */
export interface Registry {
  /** The reader runs. Throws `registry-image-missing`, `registry-not-answering`. */
  ensure(): Promise<void>;
  manifest(image: string): Promise<Manifest | undefined>;
  /** A stream to the reader. */
  dial(): Promise<Duplex>;
  withDoor<T>(act: (door: Door) => Promise<T>): Promise<T>;
  /** Lets go of images and frees the room of layers that no other has; later, when somebody brings one meanwhile. */
  forget(images: readonly string[]): Promise<void>;
  /** Doors of workers that were killed long ago are shut. */
  tidy(): Promise<void>;
}

const PORT = 5000;
const DOOR = ['serve', '/etc/siappakai/door.yml'];
const SWEEP = ['garbage-collect', '--delete-untagged', '/etc/siappakai/door.yml'];
const KIND = 'siappakai.kind';
const UNTIL = 'siappakai.until';
/** After so long whoever held it is dead: longer than a step that brings an image, and than any sweep. */
const [DOOR_MINUTES, SWEEP_MINUTES] = [180, 15];
const ANSWER_SECONDS = 20;
const DIAL = ['socat', '-', `TCP:127.0.0.1:${PORT}`];

export function registryOn(docker: Docker): Registry {
  const dialTo = (container: string) => (): Promise<Duplex> => docker.dial(container, DIAL);
  const reader = dialledAgent(dialTo(names.registryContainer()), 1);
  const look = (path: string): Promise<HttpAnswer> => told(() => askAgain(reader, question('GET', path)));
  return {
    ensure: () => ensureReader(docker, look),
    dial: dialTo(names.registryContainer()),
    tidy: () => removeStale(docker),
    withDoor: (act) => withDoor(docker, dialTo, act),
    async manifest(image) {
      const { name, tag } = partsOf(image);
      const { status, body, headers } = await look(`/v2/${name}/manifests/${tag}`);
      if (status === 404) return undefined;
      if (status !== 200) throw new AppError('registry-refused', { status, reason: body.slice(0, 200) });
      return manifestOf(headers['docker-content-digest'] ?? '', body);
    },
    async forget(images) {
      await withDoor(docker, dialTo, (door) => deleteAll(door, images));
      await sweep(docker);
    },
  };
}

const question = (method: string, path: string): Parameters<typeof ask>[1] => ({
  ...{ method, path, host: 'registry', timeoutSeconds: ANSWER_SECONDS },
  headers: { accept: MANIFEST_TYPE },
});

async function told(call: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  try {
    return await call();
  } catch (error) {
    throw new Unavailable('registry-not-answering', { reason: (error as Error).message }, error);
  }
}

const answers = (look: (path: string) => Promise<HttpAnswer>): Promise<true> => {
  const ready = async () => ((await look('/v2/').catch(() => undefined))?.status === 200 ? true : undefined);
  const late = () => new Unavailable('registry-not-answering', { reason: `no answer in ${ANSWER_SECONDS} s` });
  return until<true>(ready, { timeoutSeconds: ANSWER_SECONDS, late });
};

const base = (name: string, kind: string, readOnly: boolean): ContainerSpec => ({
  name,
  image: names.registryImage(),
  labels: names.labels({ [KIND]: kind }),
  mounts: [{ volume: names.registryVolume(), path: '/var/lib/registry', readOnly }],
  readOnlyRoot: true,
  memoryMiB: 512,
  pids: 200,
});

async function ensureReader(docker: Docker, look: (path: string) => Promise<HttpAnswer>): Promise<void> {
  const name = names.registryContainer();
  const found = await docker.container(name);
  if (!found) await create(docker, { ...base(name, 'registry', true), restart: 'always' });
  if (found?.state !== 'running') await docker.start(name);
  await answers(look);
}

/** Two workers may make it at once: one of them does. */
async function create(docker: Docker, spec: ContainerSpec): Promise<void> {
  const image = names.registryImage();
  if (!(await docker.image(image))) throw new Unavailable('registry-image-missing', { image });
  await docker.ensureVolume(names.registryVolume(), names.labels({ [KIND]: 'registry' }));
  await docker.create(spec).catch((error: unknown) => {
    if (!(error instanceof Conflict) || spec.name !== names.registryContainer()) throw error;
  });
}

type DialTo = (container: string) => () => Promise<Duplex>;

/** Its port is open to the loopback of the engine's own machine alone. */
async function withDoor<T>(docker: Docker, dialTo: DialTo, act: (door: Door) => Promise<T>): Promise<T> {
  await removeStale(docker);
  const name = names.registryDoor(newId());
  const dial = dialTo(name);
  try {
    await openDoor(docker, name);
    const agent = dialledAgent(dial, 1);
    await answers((path) => told(() => ask(agent, question('GET', path))));
    const port = await docker.portOf(name, PORT);
    if (!port) throw new Unavailable('registry-not-answering', { reason: 'no port' });
    return await act({ port, dial });
  } finally {
    await docker.remove(name);
  }
}

async function openDoor(docker: Docker, name: string): Promise<void> {
  const network = names.registryNetwork();
  await docker.ensureNetwork(network, { internal: false, labels: names.labels({ [KIND]: 'registry' }) });
  const ports = [{ host: 0, hostAddress: '127.0.0.1', container: PORT }];
  const door = { ...base(name, 'registry-door', false), argv: DOOR, networks: [{ name: network }], ports };
  await create(docker, lasting(door, DOOR_MINUTES));
  // It was named first: from here on nobody begins to sweep, and whoever has begun is waited for.
  const gone = async () => ((await docker.container(names.registrySweeper())) ? undefined : true);
  const late = () => new Unavailable('registry-not-answering', { reason: 'it is being swept' });
  await until(gone, { timeoutSeconds: 600, everyMilliseconds: 1000, late });
  await docker.start(name);
}

const lasting = (spec: ContainerSpec, minutes: number): ContainerSpec => ({
  ...spec,
  labels: { ...spec.labels, [UNTIL]: new Date(Date.now() + minutes * 60_000).toISOString() },
});

/** What a worker left that was killed. */
async function removeStale(docker: Docker): Promise<void> {
  const kinds = await Promise.all(
    ['registry-door', 'registry-sweeper'].map((kind) => docker.containers({ [KIND]: kind })),
  );
  const now = new Date().toISOString();
  for (const { name, labels } of kinds.flat()) if ((labels[UNTIL] ?? '') < now) await docker.remove(name);
}

async function deleteAll({ dial }: Door, images: readonly string[]): Promise<void> {
  const agent = dialledAgent(dial, 1);
  for (const image of images) {
    const { name, tag } = partsOf(image);
    const found = await told(() => askAgain(agent, question('HEAD', `/v2/${name}/manifests/${tag}`)));
    const digest = found.headers['docker-content-digest'];
    if (digest) await told(() => askAgain(agent, question('DELETE', `/v2/${name}/manifests/${digest}`)));
  }
}

/** Nothing may come in while layers are counted: its name keeps doors shut, and an open door keeps it away. */
async function sweep(docker: Docker): Promise<void> {
  const name = names.registrySweeper();
  try {
    await create(docker, lasting({ ...base(name, 'registry-sweeper', false), argv: SWEEP }, SWEEP_MINUTES));
  } catch (error) {
    if (error instanceof Conflict) return;
    throw error;
  }
  try {
    if ((await docker.containers({ [KIND]: 'registry-door' })).length > 0) return;
    await docker.start(name);
    await docker.wait(name);
  } finally {
    await docker.remove(name);
  }
}

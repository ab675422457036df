import type Dockerode from 'dockerode';
import type { Readable } from 'node:stream';
import { NotProved, Unavailable } from '#libs/core/errors.js';
import type { LayerEvent } from '../docker.js';

type Hear = (event: LayerEvent) => void;
type Told = { id?: string; status?: string; progressDetail?: { current?: number }; error?: string };

/** Unpacking is told all the while; an engine that says nothing for so long waits for somebody who is gone. */
const SILENT_SECONDS = 300;

export async function pullImage(engine: Dockerode, reference: string, hear?: Hear): Promise<void> {
  await follow((await engine.pull(reference)) as Readable, reference, hear);
}

/** The engine asks for credentials even where nobody wants them. */
export async function pushImage(engine: Dockerode, reference: string, hear?: Hear): Promise<void> {
  const at = reference.lastIndexOf(':');
  const image = engine.getImage(reference.slice(0, at));
  const told = await image.push({ tag: reference.slice(at + 1), authconfig: {} as Dockerode.AuthConfig });
  await follow(told as Readable, reference, hear);
}

/** A connection that breaks is told by the stream itself; what went wrong on the way, in a line of it. */
async function follow(told: Readable, image: string, hear?: Hear): Promise<void> {
  const reason = `nothing was told for ${SILENT_SECONDS} s`;
  const late = (): void => void told.destroy(new Unavailable('image-not-moved', { image, reason }));
  const timer = setTimeout(late, SILENT_SECONDS * 1000);
  let rest = '';
  try {
    for await (const part of told.setEncoding('utf8')) {
      timer.refresh();
      const lines = `${rest}${part as string}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim()) listen(JSON.parse(line) as Told, image, hear);
    }
  } finally {
    clearTimeout(timer);
  }
}

function listen({ id, status, progressDetail, error }: Told, image: string, hear?: Hear): void {
  if (error) throw failureOf(image, error);
  if (status) hear?.({ layer: id, status, bytes: progressDetail?.current });
}

/** What arrived is not what its digest says, the disk is full, or the way broke. */
function failureOf(image: string, reason: string): Error {
  if (/verification failed|does not match/i.test(reason)) return new NotProved('image-damaged', { image, reason });
  if (/no space left on device/i.test(reason)) return new Error(reason);
  return new Unavailable('image-not-moved', { image, reason: reason.slice(0, 300) });
}

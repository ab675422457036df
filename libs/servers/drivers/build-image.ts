import type Dockerode from 'dockerode';
import type { Readable } from 'node:stream';
import { Unavailable } from '#libs/core/errors.js';
import type { Docker } from '../docker.js';

type BuildOptions = Parameters<Docker['build']>[1];
type BuildEvent = { stream?: string; error?: string; aux?: { ID?: string } };

/** Builds and gives the image's id; the engine's lines go to `onLine`. Throws `image-build-failed`. */
export async function buildImage(
  engine: Dockerode,
  context: Readable,
  { tag, labels, args, onLine }: BuildOptions,
): Promise<string> {
  const output = await engine.buildImage(context, {
    t: tag,
    labels,
    buildargs: args,
    networkmode: 'host',
    forcerm: true,
  });
  let [id, last] = ['', ''];
  await new Promise<void>((resolve, reject) => {
    const hear = (event: BuildEvent): void => {
      const line = (event.stream ?? event.error ?? '').trimEnd();
      if (line) onLine?.((last = line));
      if (event.aux?.ID) id = event.aux.ID;
      if (event.error) reject(new Unavailable('image-build-failed', { line: last }));
    };
    engine.modem.followProgress(
      output,
      (error) => (error ? reject(new Unavailable('image-build-failed', { line: error.message })) : resolve()),
      hear,
    );
  });
  return id || (await engine.getImage(tag).inspect()).Id;
}

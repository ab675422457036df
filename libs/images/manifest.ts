import { AppError } from '#libs/core/errors.js';

/** An image as our registry keeps it. */
export interface Manifest {
  /** Of the manifest itself: what is asked for by it is what is got. */
  digest: string;
  /** The digest of the image's configuration: the id by which the engine that built it knows it. */
  imageId: string;
  layers: Layer[];
}

export interface Layer {
  digest: string;
  /** As it travels. */
  bytes: number;
}

export const MANIFEST_TYPE = 'application/vnd.docker.distribution.manifest.v2+json';

/** `siappakai/opensid:v2601.0.0-ab12` -> name and tag. */
export function partsOf(image: string): { name: string; tag: string } {
  const at = image.lastIndexOf(':');
  return { name: image.slice(0, at), tag: image.slice(at + 1) };
}

interface Stored {
  config?: { digest?: string };
  layers?: { digest: string; size: number }[];
}

/** A layer that an image has twice travels once. Throws `registry-refused`. */
export function manifestOf(digest: string, text: string): Manifest {
  const { config, layers = [] } = JSON.parse(text) as Stored;
  if (!config?.digest) throw new AppError('registry-refused', { status: 200, reason: text.slice(0, 200) });
  const once = new Map(layers.map((layer) => [layer.digest, layer.size]));
  return { digest, imageId: config.digest, layers: [...once].map(([layer, bytes]) => ({ digest: layer, bytes })) };
}

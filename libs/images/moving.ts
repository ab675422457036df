import type { LayerEvent } from '#libs/servers/docker.js';
import type { Layer } from './manifest.js';

/** How far an image has come to a server; bytes as they travel. */
export interface Moved {
  layers: number;
  /** Layers the server did not have. */
  missing: number;
  movedBytes: number;
  totalBytes: number;
}

const HAS_IT = 'Already exists';
const NOT_YET = ['Pulling fs layer', 'Waiting', 'Retrying'];
const ID_LENGTH = 'sha256:'.length + 12;

/** Follows the engine's words layer by layer. */
export function following(layers: readonly Layer[]): { hear(event: LayerEvent): void; now(): Moved } {
  const sizes = new Map(layers.map(({ digest, bytes }) => [digest.slice('sha256:'.length, ID_LENGTH), bytes]));
  const arrived = new Map<string, number>();
  return {
    hear({ layer = '', status, bytes = 0 }) {
      const size = sizes.get(layer);
      if (size === undefined || status === HAS_IT) return;
      arrived.set(layer, Math.max(arrived.get(layer) ?? 0, cameIn(status, bytes, size)));
    },
    now: () => ({
      layers: layers.length,
      missing: arrived.size,
      movedBytes: sum([...arrived.values()]),
      totalBytes: sum([...arrived.keys()].map((layer) => sizes.get(layer)!)),
    }),
  };
}

/** Of a small layer the engine tells only that it is there. */
function cameIn(status: string, bytes: number, size: number): number {
  if (NOT_YET.some((words) => status.startsWith(words))) return 0;
  return status === 'Downloading' ? Math.min(bytes, size) : size;
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

export const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

export const movedText = ({ layers, missing, movedBytes, totalBytes }: Moved): string =>
  `${megabytes(movedBytes)} of ${megabytes(totalBytes)} MB, ${missing} of ${layers} layers`;

import type { Asker } from './who.js';

export interface ReleaseWanted {
  app: string;
  path?: string;
  github?: string;
}

/** How a release comes in: its archive is fetched or read, checked, and recorded. */
export abstract class ReleaseDoor {
  abstract add(who: Asker, wanted: ReleaseWanted): Promise<{ app: string; version: string }>;
}

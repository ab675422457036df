import type { App } from '#libs/templates/manifest.js';
import type { KeyRing } from '#libs/core/seal.js';

/** What the api knows of its place besides the database. */
export abstract class Settings {
  abstract readonly dataFolder: string;
  /** Opens what is shown to a person once; servers' keys are not here. */
  abstract readonly ring: KeyRing;
  abstract readonly apps: ReadonlyMap<string, App>;
  /** The session cookie is for https only. */
  abstract readonly isHttps: boolean;
  /** Folder of the built console; absent while only the api is built. */
  abstract readonly consoleFolder: string;
}

export interface ReleaseWanted {
  app: string;
  path?: string;
  github?: string;
}

/** How a release comes in: its archive is fetched or read, checked, and recorded (`ReleasesService`). */
export abstract class ReleaseDoor {
  abstract add(wanted: ReleaseWanted): Promise<{ app: string; version: string }>;
}

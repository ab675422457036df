import type { App } from '#libs/templates/manifest.js';
import type { Runtimes } from '#libs/runtimes/runtime-port.js';
import type { Secret } from '#libs/core/secret.js';
import type { GabunganFacts, DesaTarget, ReleaseFacts, Tools } from '../target.js';
import type { CatalogueEntry } from './way-on.js';
import type { NotesStore } from './notes.js';

/** One release rehearsed on a copy of one gabungan. */
export interface RehearsalTarget {
  readonly run: { id: string; verb: string };
  readonly kabupatenId: string;
  readonly app: App;
  readonly gabungan: GabunganFacts;
  readonly release: ReleaseFacts;
  /** The canary as it stands: asked and read, never changed. */
  readonly canary: DesaTarget;
  /** The canary first, then at most one neighbour, each with both codes on the copy. */
  readonly actors: readonly DesaTarget[];
  readonly actorsOfReal: readonly DesaTarget[];
  readonly tourPassword: Secret;
}

export interface RehearsalTools {
  /** On the real gabungan, with the hands of the canary's server. */
  real: Tools;
  /** On the copy, with the hands of the gabungan's own server: everything of the copy stands there. */
  copy: Tools;
  /** Folders of a desa lie on its own server. */
  runtimesOf(serverId: string): Promise<Pick<Runtimes, 'exportState'>>;
  notes: NotesStore;
  catalogue(): Promise<CatalogueEntry[]>;
  startCopy(): Promise<void>;
  isCopyRunning(): Promise<boolean>;
  /** Runtimes, volumes, server and network of the copy. */
  removeCopy(): Promise<void>;
  isCopyThere(): Promise<boolean>;
  say: Tools['say'];
}

export const runningOf = ({ canary, gabungan }: RehearsalTarget): string =>
  canary.previous?.version ?? gabungan.version ?? '';
export const actorOf = ({ actors }: RehearsalTarget): DesaTarget => actors[0]!;

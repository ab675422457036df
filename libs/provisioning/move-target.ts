import type { Secret } from '#libs/core/secret.js';
import type { Carriage } from '#libs/runtimes/carriage-port.js';
import type { MoveRecords } from './move-records.js';
import type { DesaTarget, Tools } from './target.js';

/** One desa on its way from a server to another: the same release and gabungan, seen at both places. */
export interface MoveTarget {
  readonly run: DesaTarget['run'];
  readonly from: DesaTarget;
  readonly to: DesaTarget;
  /** The gateway of the new server as the one of the old server reaches it, and what proves one to the other. */
  readonly forward: { host: string; port: number; key: Secret };
}

export interface MoveTools {
  from: Tools;
  to: Tools;
  carriage: Carriage;
  moves: MoveRecords;
  clock: Tools['clock'];
  say: Tools['say'];
}

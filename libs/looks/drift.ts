import type { DriftKind, Evidence } from '#libs/contract/looks.js';
import { runtimeFindings } from './drift-of-runtimes.js';
import { httpsFindings } from './drift-of-https.js';
import { gabunganFindings, serverFindings, wayFindings } from './drift-of-server.js';
import { siteFindings } from './drift-of-sites.js';
import { AWAY, type Seen } from './seen.js';
import type { Wanted } from './wanted.js';

/** `unknown`: it was not seen, or a run is changing it; what was told of it before stays told. */
export type Answer = Evidence | 'well' | 'unknown';

/** One thing that was judged, or could not be. `kind` and `key` name it on its server. */
export interface Finding {
  kind: DriftKind;
  /** Stable: a name, or a desa's code. */
  key: string;
  subject: string;
  kabupatenId: string;
  answer: Answer;
  /** What its repair is a run on, beside the server. */
  desaId?: string;
  app?: string;
  gabunganId?: string;
}

export interface Drift extends Finding {
  answer: Evidence;
}

/** Everything there is to say about a server. Of one that is away only that: unknown is not drift. */
export function findingsOf(wanted: Wanted, seen: Seen | typeof AWAY): Finding[] {
  const { server } = wanted;
  const away = (answer: Answer): Finding => ({
    kind: 'server-away',
    key: server.name,
    subject: server.name,
    kabupatenId: server.kabupatenId,
    answer,
  });
  if (seen === AWAY) return [away({})];
  return [
    away('well'),
    ...serverFindings(wanted, seen),
    ...httpsFindings(wanted, seen),
    ...gabunganFindings(wanted, seen),
    ...wayFindings(wanted, seen),
    ...runtimeFindings(wanted, seen),
    ...siteFindings(wanted, seen),
  ];
}

const isDrift = (finding: Finding): finding is Drift => typeof finding.answer === 'object';

/** Where the world is not as wanted. A cause hides its effects: a runtime that stands still is one drift, not one per desa. */
export const driftOf = (wanted: Wanted, seen: Seen | typeof AWAY): Drift[] => findingsOf(wanted, seen).filter(isDrift);

import type { CertificateSeen } from '#libs/gateway/certificate-state.js';
import type { Route } from '#libs/gateway/gateway-port.js';
import type { HttpsWay } from '#libs/gateway/https.js';
import type { RuntimeSpec } from '#libs/runtimes/runtime-port.js';

/** What the records say that stands on one server. */
export interface Wanted {
  server: { id: string; name: string; kabupatenId: string; isBusy: boolean };
  gateway: string;
  /** Its way, and the certificates that were given. */
  https: { way: HttpsWay; given: CertificateSeen[] };
  gabungan: WantedGabungan[];
  /** Doors to gabungan on other servers. */
  ways: WantedWay[];
  runtimes: WantedRuntime[];
  sites: WantedSite[];
  /** Of desa that have moved away: visitors who still come here are passed on. */
  forwards: Route[];
  /** Every container that the records know by name, wanted or not. */
  known: ReadonlySet<string>;
  /** Ids of runs that are open: their one-off containers may stand. */
  openRuns: ReadonlySet<string>;
  minimumFreeBytes: number;
}

/** `isBusy` everywhere: a run is changing it just now, so nothing of it is judged. */
export interface WantedGabungan {
  id: string;
  name: string;
  kabupatenId: string;
  container: string;
  isBusy: boolean;
  /** A rollout is under way: maintenance pages may stand between its runs. */
  isMoving: boolean;
}

export interface WantedWay extends WantedGabungan {
  /** A desa that lives behind it: through its run the way is opened again. */
  desaId: string;
  app: string;
}

export interface WantedRuntime {
  spec: RuntimeSpec;
  kabupatenId: string;
  /** A desa that lives in it: through its run the runtime is repaired. */
  desaId: string;
  isBusy: boolean;
}

export interface WantedSite {
  installationId: string;
  desaId: string;
  kabupatenId: string;
  app: string;
  /** `13.07.01.2001 Kurai` */
  label: string;
  site: string;
  domain: string;
  gabungan: string;
  runtime: string;
  route: Route;
  /** A pattern that the title of its page has to match. */
  title: string;
  version: string;
  /** When its page was last asked for. */
  askedAt: Date | null;
  isBusy: boolean;
}
